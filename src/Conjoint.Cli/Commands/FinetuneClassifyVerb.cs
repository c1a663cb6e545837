using System.CommandLine;
using System.Globalization;
using Conjoint.Data;
using Conjoint.Reporting;
using Conjoint.Tasks.Classification;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint finetune classify</c>: a classifier of volumes and images from few labelled cases.</summary>
internal sealed class FinetuneClassifyVerb : Verb
{
    private const string AllFolds = "all";

    private readonly FinetuneFlags _flags = new(store: "A store whose cases have a class, or candidates.", labels: "classes", sample: "case");
    private readonly Option<string> _balance = Flags.Choice("--balance", "What is done about rare classes: nothing, weights in the loss, or drawing them more often.", "none", "loss", "sampling");
    private readonly Option<string> _positive = Flags.Text("--positive", "CLASS", "Of two classes, the one that is looked for; the store's second without it.");
    private readonly Option<string> _cube = Flags.Text("--cube-mm", "MM", "Learn the classes of candidates: cubes of this edge around them, as of LUNA16.");
    private readonly Option<string> _fold = Flags.Text("--fold", "N|all", "The fold for the test, the next one for validation, the others for training; all: one run a fold, scored together. The store's splits without it.");

    public FinetuneClassifyVerb()
        : base("classify", "Train a classifier of volumes or images from labelled cases, and score it on the test cases.")
    {
        foreach (var option in _flags.All.Concat([_balance, _positive, _cube, _fold]))
            Add(option);
    }

    public override int Run(Invocation invocation)
    {
        var run = invocation.Required(_flags.Out);
        var allFolds = invocation.Value(_fold) == AllFolds;
        (Option, string)[] fold = allFolds ? [] : [(_fold, "fold")];
        var settings = _flags.Settings<ClassificationSettings>(invocation, PresetEncoders.Of, [(_balance, "balance"), (_positive, "positive"), (_cube, "cube_mm"), .. fold]);
        return allFolds ? RunFolds(invocation, settings, run) : RunOne(invocation, settings, run);
    }

    private int RunOne(Invocation invocation, ClassificationSettings settings, string run)
    {
        var training = new ClassificationFineTuning(settings);
        using var store = PreparedStore.Open(invocation.Required(_flags.Data));
        var result = invocation.WithProgress(observer =>
            training.Run(store, invocation.Required(_flags.Weights), run, invocation.Value(_flags.Resume), observer, invocation.Cancellation));
        return Tell(invocation, result, RunReport.Write(run), ScoreText.Of(result.Summary, Split.Test));
    }

    private int RunFolds(Invocation invocation, ClassificationSettings settings, string run)
    {
        var training = new FoldedClassification(settings);
        using var store = PreparedStore.Open(invocation.Required(_flags.Data));
        var result = invocation.WithProgress(observer =>
            training.Run(store, invocation.Required(_flags.Weights), run, invocation.Value(_flags.Resume), observer, invocation.Cancellation));
        foreach (var fold in result.Folds)
            RunReport.Write(Path.Combine(run, string.Create(CultureInfo.InvariantCulture, $"fold{fold.Fold}")));
        return Tell(invocation, result, RunReport.Write(run), ScoreText.Of(result));
    }

    private int Tell<T>(Invocation invocation, T result, string report, string text)
    {
        if (invocation.Value(_flags.Json))
        {
            JsonOutput.Write(invocation.Out, result);
            return ExitCode.Done;
        }

        invocation.Out.Write(text);
        invocation.Out.WriteLine(report);
        return ExitCode.Done;
    }
}
