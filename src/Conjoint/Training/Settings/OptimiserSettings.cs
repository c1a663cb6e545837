using Conjoint.Runtime.Settings;

namespace Conjoint.Training.Settings;

/// <summary>SGD with momentum under LARC without clipping, linear warm-up from 0 and a cosine to 0.</summary>
public sealed record OptimiserSettings
{
    /// <summary>Momentum of SGD.</summary>
    [Bounds(AtLeast = 0, Below = 1)]
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay, of every parameter.</summary>
    [Bounds(AtLeast = 0)]
    public double WeightDecay { get; init; } = 1e-6;

    /// <summary>LARC's trust coefficient: how far a tensor moves, as a part of its own norm, at learning rate 1.</summary>
    [Bounds(Above = 0)]
    public double Trust { get; init; } = 0.001;

    /// <summary>The share of all steps in which the rate rises; 10 of 100 epochs in the paper's release.</summary>
    [Bounds(AtLeast = 0, AtMost = 1)]
    public double WarmupFraction { get; init; } = 0.1;

    /// <summary>Repeated non-finite losses after which a run gives up (exit code 4).</summary>
    [Bounds(AtLeast = 1)]
    public int NonFiniteStepsAllowed { get; init; } = 5;
}
