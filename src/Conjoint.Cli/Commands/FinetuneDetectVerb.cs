using Conjoint.Data;
using Conjoint.Reporting;
using Conjoint.Tasks.Detection;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint finetune detect</c>: a detector from few images with boxes.</summary>
internal sealed class FinetuneDetectVerb : Verb
{
    private readonly FinetuneFlags _flags = new(store: "A store of images with boxes.", labels: "boxes", sample: "image");

    public FinetuneDetectVerb()
        : base("detect", "Train a detector from images with boxes, and score it on the test images.")
    {
        foreach (var option in _flags.All)
            Add(option);
    }

    public override int Run(Invocation invocation)
    {
        var run = invocation.Required(_flags.Out);
        var training = new DetectionFineTuning(_flags.Settings<DetectionSettings>(invocation, PresetEncoder.Of));
        using var store = PreparedStore.Open(invocation.Required(_flags.Data));
        var result = invocation.WithProgress(observer =>
            training.Run(store, invocation.Required(_flags.Weights), run, invocation.Value(_flags.Resume), observer, invocation.Cancellation));
        var report = RunReport.Write(run);

        if (invocation.Value(_flags.Json))
        {
            JsonOutput.Write(invocation.Out, result);
            return ExitCode.Done;
        }

        invocation.Out.Write(ScoreText.Of(result.Summary, Split.Test));
        invocation.Out.WriteLine(report);
        return ExitCode.Done;
    }
}
