using Conjoint.Data;
using Conjoint.Reporting;
using Conjoint.Tasks.Segmentation;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint finetune segment</c>: a segmenter from few labelled cases.</summary>
internal sealed class FinetuneSegmentVerb : Verb
{
    private readonly FinetuneFlags _flags = new(store: "A store with masks.", labels: "masks", sample: "slice");

    public FinetuneSegmentVerb()
        : base("segment", "Train a segmenter from labelled cases, and score it on the test cases.")
    {
        foreach (var option in _flags.All)
            Add(option);
    }

    public override int Run(Invocation invocation)
    {
        var run = invocation.Required(_flags.Out);
        var training = new SegmentationFineTuning(_flags.Settings<SegmentationSettings>(invocation, PresetEncoder.Of));
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
