using Conjoint.Imaging;
using Conjoint.LibrarySamples;

const string Usage = """
    Conjoint.Samples weights FILE|RUN             what an encoder gives
    Conjoint.Samples embed FILE|RUN SCAN          the vector of a volume
    Conjoint.Samples similar FILE|RUN FOLDER SCAN the five cases of a folder most like a scan
    Conjoint.Samples segment MODEL SCAN OUTPUT    a mask that lies over the scan
    """;

try
{
    switch (args)
    {
        case ["weights", var weights]: LoadWeights.Run(weights, Console.Out); return 0;
        case ["embed", var weights, var scan]: EmbedVolume.Run(weights, scan, Console.Out); return 0;
        case ["similar", var weights, var folder, var scan]: SimilarCases.Run(weights, folder, scan, Console.Out); return 0;
        case ["segment", var model, var scan, var output]: SegmentVolume.Run(model, scan, output, Console.Out); return 0;
        default: Console.Error.WriteLine(Usage); return 2;
    }
}
catch (InputDataException fault)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}
