using System.CommandLine;
using Conjoint.Data;
using Conjoint.Reporting;
using Conjoint.Tasks.Classification;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint finetune classify</c>: a classifier of volumes and images from few labelled cases.</summary>
internal sealed class FinetuneClassifyVerb : Verb
{
    private readonly FinetuneFlags _flags = new(store: "A store whose cases have a class, or candidates.", labels: "classes", sample: "case");
    private readonly Option<string> _balance = Flags.Choice("--balance", "What is done about rare classes: nothing, weights in the loss, or drawing them more often.", "none", "loss", "sampling");
    private readonly Option<string> _positive = Flags.Text("--positive", "CLASS", "Of two classes, the one that is looked for; the store's second without it.");
    private readonly Option<string> _cube = Flags.Text("--cube-mm", "MM", "Learn the classes of candidates: cubes of this edge around them, as of LUNA16.");
    private readonly Option<long?> _fold = Flags.Whole("--fold", "N", "The fold for the test, the next one for validation, the others for training; the store's splits without it.", least: 0);

    public FinetuneClassifyVerb()
        : base("classify", "Train a classifier of volumes or images from labelled cases, and score it on the test cases.")
    {
        foreach (var option in _flags.All.Concat([_balance, _positive, _cube, _fold]))
            Add(option);
    }

    public override int Run(Invocation invocation)
    {
        var run = invocation.Required(_flags.Out);
        var settings = _flags.Settings<ClassificationSettings>(invocation, PresetEncoders.Of, (_balance, "balance"), (_positive, "positive"), (_cube, "cube_mm"), (_fold, "fold"));
        var training = new ClassificationFineTuning(settings);
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
