using System.CommandLine;
using Conjoint.Data;
using Conjoint.Runtime;
using Conjoint.Tasks.Classification;
using Conjoint.Tasks.Detection;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Segmentation;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint evaluate</c>: scores a fine-tuned model on the labelled cases of a store.</summary>
internal sealed class EvaluateVerb : Verb
{
    private readonly Option<string> _model = Flags.Text("--model", "RUN", "The folder of a finished fine-tuning run, or its weights.", required: true);
    private readonly Option<string> _data = Flags.Text("--data", "STORE", "A store with labelled cases.", required: true);
    private readonly Option<string> _split = Flags.Choice("--split", "The cases to score; test without it.", [.. Split.All]);
    private readonly Option<long?> _fold = Flags.Whole("--fold", "N", "Score the cases of this fold, in place of a split; classifiers only.", least: 0);
    private readonly Option<string> _dataset = Flags.Text("--dataset", "NAME", "The data set to score against, where the store has labels of several.");
    private readonly Option<string> _device = Flags.Device();
    private readonly Option<bool> _json = Flags.Json();

    public EvaluateVerb()
        : base("evaluate", "Score a fine-tuned model on the labelled cases of a store.")
    {
        foreach (var option in new Option[] { _model, _data, _split, _fold, _dataset, _device, _json })
            Add(option);
    }

    public override int Run(Invocation invocation)
    {
        using var store = PreparedStore.Open(invocation.Required(_data));
        if (invocation.WrittenValue(_fold) is not null && invocation.WrittenValue(_split) is not null)
            throw new ConfigurationException("--fold: received --split too; expected one of them.");
        var task = FineTunedModel.TaskOf(invocation.Required(_model));
        if (task != FineTunedModel.Classify && invocation.WrittenValue(_fold) is not null)
            throw new ConfigurationException("--fold: the model is none of 'conjoint finetune classify'; expected --split.");
        return task switch
        {
            FineTunedModel.Classify => Classify(invocation, store),
            FineTunedModel.Detect => Detect(invocation, store),
            _ => Segment(invocation, store),
        };
    }

    private int Segment(Invocation invocation, PreparedStore store)
    {
        var result = invocation.WithProgress(observer => SegmentationEvaluation.Run(
            invocation.Required(_model), store, invocation.Value(_split) ?? Split.Test, invocation.Value(_device)!, dataset: invocation.Value(_dataset), observer: observer, cancellation: invocation.Cancellation));
        return Print(invocation, result, () => ScoreText.Of(result.Summary, result.Split));
    }

    private int Classify(Invocation invocation, PreparedStore store)
    {
        var result = invocation.WithProgress(observer => ClassificationEvaluation.Run(
            invocation.Required(_model), store, invocation.Value(_split) ?? Split.Test, invocation.Value(_device)!, invocation.Value(_dataset),
            invocation.Value(_fold) is { } fold ? (int)Math.Min(fold, int.MaxValue) : null, observer, invocation.Cancellation));
        return Print(invocation, result, () => ScoreText.Of(result.Summary, result.Split));
    }

    private int Detect(Invocation invocation, PreparedStore store)
    {
        var result = invocation.WithProgress(observer => DetectionEvaluation.Run(
            invocation.Required(_model), store, invocation.Value(_split) ?? Split.Test, invocation.Value(_dataset), observer, invocation.Cancellation));
        return Print(invocation, result, () => ScoreText.Of(result.Summary, result.Split));
    }

    private int Print<T>(Invocation invocation, T result, Func<string> text)
    {
        if (invocation.Value(_json))
            JsonOutput.Write(invocation.Out, result);
        else
            invocation.Out.Write(text());
        return ExitCode.Done;
    }
}
