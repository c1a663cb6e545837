using Conjoint.Data;
using Conjoint.Runtime;
using Conjoint.Training.Monitoring;
using static TorchSharp.torch;

namespace Conjoint.Tasks.FineTuning;

/// <summary>
/// What tells one labelled task from another: its cases, its net, its loss and its scores. How it is trained, validated, kept safe and
/// tested surrounds it and does not appear in it.
/// </summary>
/// <typeparam name="TModel">The net with what belongs to it.</typeparam>
/// <typeparam name="TBatch">What a training batch is.</typeparam>
/// <typeparam name="TScore">What is kept of a case that was validated or tested on; written as JSON.</typeparam>
internal interface IFineTuneTask<TModel, TBatch, TScore>
    where TModel : class, IFineTuneModel
    where TBatch : class, IDisposable
    where TScore : class
{
    /// <summary>The word of the card and the command line, such as <c>segment</c>.</summary>
    string Name { get; }

    /// <summary>Its name in a report's title.</summary>
    string Title { get; }

    /// <summary>The cases to learn from, to choose by and to be scored on.</summary>
    LabelledCases Cases { get; }

    /// <summary>The training batches.</summary>
    ITrainingBatches<TBatch> Batches { get; }

    /// <summary>What the report calls the classes, by the number in the metrics' keys.</summary>
    IReadOnlyDictionary<int, string> ClassNames { get; }

    /// <summary>Why no weights can be chosen on the validation cases, as the beginning of a sentence; null where they can.</summary>
    string? ValidationFault { get; }

    /// <summary>What is learned from what, in one line.</summary>
    string Announcement { get; }

    /// <summary>The settings as text, without those that change no number.</summary>
    string NumberChangingSettings { get; }

    /// <summary>Writes the run's configuration.</summary>
    /// <param name="weights">The first weights as the user named them.</param>
    string Configuration(string weights);

    /// <summary>A net as training begins with it: the same for every rate.</summary>
    /// <param name="reports">What became of the pre-trained tensors, a line a net.</param>
    TModel Fresh(out IReadOnlyList<string> reports);

    /// <summary>The net's settings in the card.</summary>
    WeightsCard Describe(WeightsCard card);

    /// <summary>The loss of a batch in training, with its graph.</summary>
    /// <param name="model">In training mode.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="step">Steps done before.</param>
    Tensor Loss(TModel model, TBatch batch, long step);

    /// <summary>From the loss to the gradients.</summary>
    void Backward(TModel model, Tensor loss);

    /// <summary>Scores a validation case.</summary>
    TScore Validate(TModel model, StoreCase storeCase);

    /// <summary>Sums up a validation.</summary>
    /// <param name="scores">A score a case.</param>
    /// <param name="line">The begun line of the metrics, which takes the figures.</param>
    /// <returns>The figure that the weights are chosen by, and another one that decides between equal ones, for both higher is better; and words for the log.</returns>
    (double Figure, double TieBreak, string Text) SumUpValidation(IReadOnlyList<TScore> scores, MetricsLine line);

    /// <summary>Opens the kept weights for the test.</summary>
    /// <param name="done">Scores that an interrupted run has kept safe; the cases after them are still to come.</param>
    TModel BeginTest(IReadOnlyList<TScore> done);

    /// <summary>Scores a test case.</summary>
    TScore Test(TModel model, StoreCase storeCase);

    /// <summary>The line of a test case.</summary>
    MetricsLine TestLine(TScore score);

    /// <summary>The line of all test cases, and words for the log.</summary>
    (MetricsLine Line, string Text) SumUpTest(IReadOnlyList<TScore> scores);
}
