using Conjoint.Tasks.Metrics;

namespace Conjoint.Benchmarks;

/// <summary>What the demo came to: scores on the test subjects, over the fine-tuning seeds.</summary>
/// <param name="PretrainedDice">Dice from the pre-trained weights.</param>
/// <param name="ScratchDice">Dice from random weights.</param>
/// <param name="PretrainedIou">IoU from the pre-trained weights.</param>
/// <param name="ScratchIou">IoU from random weights.</param>
public sealed record DemoResult(MeanStd PretrainedDice, MeanStd ScratchDice, MeanStd PretrainedIou, MeanStd ScratchIou);
