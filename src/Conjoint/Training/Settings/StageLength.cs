using Conjoint.Runtime.Settings;

namespace Conjoint.Training.Settings;

/// <summary>How long a stage trains.</summary>
public abstract record StageLength
{
    /// <summary>Passes over the samples. Also decides the warm-up; see <see cref="Steps"/>.</summary>
    [Bounds(AtLeast = 1)]
    public int Epochs { get; init; } = 100;

    /// <summary>Steps in all, in place of <see cref="Epochs"/>; the last epoch may be cut short. Null: by epochs.</summary>
    [Bounds(AtLeast = 1)]
    public int? Steps { get; init; }

    /// <summary>The share of its steps in which the rate rises; null: <c>optimiser.warmup_fraction</c>. released: 0 in stage <c>slices</c>.</summary>
    [Bounds(AtLeast = 0, AtMost = 1)]
    public double? WarmupFraction { get; init; }

    /// <summary>What the rate falls to, as a share of its peak. released: 0.001 in stage <c>slices</c> with SwAV.</summary>
    [Bounds(AtLeast = 0, AtMost = 1)]
    public double FinalRateShare { get; init; }

    /// <summary>The gradient's norm over all parameters is held at or below this; null: not. released: 2 in stage <c>volumes</c> with SwAV.</summary>
    [Bounds(Above = 0)]
    public double? ClipGradientNorm { get; init; }

    /// <summary>Steps of the stage, given those of an epoch.</summary>
    internal int TotalSteps(int stepsPerEpoch) => Steps ?? checked(Epochs * stepsPerEpoch);
}
