using System.CommandLine;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Prediction;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint predict</c>: masks, classes or boxes for new scans, whatever the model was trained for.</summary>
internal sealed class PredictVerb : Verb
{
    private readonly Option<string> _model = Flags.Text("--model", "RUN", "The folder of a finished fine-tuning run, or its weights.", required: true);
    private readonly Option<string[]> _input = Flags.PathList("--input", "PATH", "Files, stacks of slices, or folders of either.");
    private readonly Option<string> _out = Flags.Text("--out", "DIR", "Where tables, masks and pictures go.", required: true);
    private readonly Option<string> _as = Flags.As();
    private readonly Option<string> _modality = Flags.Modality();
    private readonly Option<string> _device = Flags.Device();
    private readonly Option<bool> _json = Flags.Json();

    public PredictVerb()
        : base("predict", "Segment, classify or find boxes on new scans with a fine-tuned model; masks lie exactly over their scans.")
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
        return FineTunedModel.TaskOf(invocation.Required(_model)) switch
        {
            FineTunedModel.Classify => Classify(invocation, settings),
            FineTunedModel.Detect => Detect(invocation, settings),
            _ => Segment(invocation, settings),
        };
    }

    private int Segment(Invocation invocation, PredictSettings settings)
    {
        var cases = invocation.WithProgress(observer => SegmentationPrediction.Run(
            invocation.Required(_model), invocation.Required(_input), invocation.Required(_out), settings, observer, invocation.Cancellation));
        return Print(invocation, cases, predicted => $"{predicted.Source}: {string.Join(", ", predicted.Masks.Select(m => Path.Combine(invocation.Required(_out), m)))}");
    }

    private int Classify(Invocation invocation, PredictSettings settings)
    {
        var scans = invocation.WithProgress(observer => ClassificationPrediction.Run(
            invocation.Required(_model), invocation.Required(_input), invocation.Required(_out), settings, observer, invocation.Cancellation));
        return Print(invocation, scans, scan => $"{scan.Source}: {string.Join(", ", scan.Probabilities.Select(p => FormattableString.Invariant($"{p.Class} {p.Probability:0.000}")))}");
    }

    private int Detect(Invocation invocation, PredictSettings settings)
    {
        var scans = invocation.WithProgress(observer => DetectionPrediction.Run(
            invocation.Required(_model), invocation.Required(_input), invocation.Required(_out), settings, observer, invocation.Cancellation));
        return Print(invocation, scans, scan => $"{scan.Source}: {scan.Boxes.Count} {(scan.Boxes.Count == 1 ? "box" : "boxes")}, {Path.Combine(invocation.Required(_out), scan.Overlay)}");
    }

    private int Print<T>(Invocation invocation, IReadOnlyList<T> results, Func<T, string> line)
    {
        if (invocation.Value(_json))
        {
            JsonOutput.Write(invocation.Out, results);
            return ExitCode.Done;
        }

        foreach (var result in results)
            invocation.Out.WriteLine(line(result));
        return ExitCode.Done;
    }
}
