using System.CommandLine;
using Conjoint.Tasks.Prediction;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint predict</c>: masks for new scans.</summary>
internal sealed class PredictVerb : Verb
{
    private readonly Option<string> _model = Flags.Text("--model", "RUN", "The folder of a finished fine-tuning run, or its weights.", required: true);
    private readonly Option<string[]> _input = Flags.PathList("--input", "PATH", "Files, stacks of slices, or folders of either.");
    private readonly Option<string> _out = Flags.Text("--out", "DIR", "Where masks, pictures and tables go.", required: true);
    private readonly Option<string> _as = Flags.As();
    private readonly Option<string> _modality = Flags.Modality();
    private readonly Option<string> _device = Flags.Device();
    private readonly Option<bool> _json = Flags.Json();

    public PredictVerb()
        : base("predict", "Segment new scans with a fine-tuned model; the masks lie exactly over the scans.")
    {
        foreach (var option in new Option[] { _model, _input, _out, _as, _modality, _device, _json })
            Add(option);
    }

    public override int Run(Invocation invocation)
    {
        var settings = new PredictSettings
        {
            As = Flags.ToPrepareAs(invocation.Value(_as)),
            Modality = Flags.ToModality(invocation.Value(_modality)),
            Device = invocation.Value(_device)!,
        };
        var cases = invocation.WithProgress(observer => SegmentationPrediction.Run(
            invocation.Required(_model), invocation.Required(_input), invocation.Required(_out), settings, observer, invocation.Cancellation));
        if (invocation.Value(_json))
        {
            JsonOutput.Write(invocation.Out, cases);
            return ExitCode.Done;
        }

        foreach (var predicted in cases)
            invocation.Out.WriteLine($"{predicted.Source}: {string.Join(", ", predicted.Masks.Select(m => Path.Combine(invocation.Required(_out), m)))}");
        return ExitCode.Done;
    }
}
