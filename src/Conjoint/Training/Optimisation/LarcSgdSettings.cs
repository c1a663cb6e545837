namespace Conjoint.Training.Optimisation;

/// <summary>SGD with momentum and layer-wise adaptive rates (LARC).</summary>
public sealed record LarcSgdSettings
{
    /// <summary>Trust coefficient of LARC; above 0.</summary>
    public double Trust { get; init; } = 0.001;          // SwAV

    /// <summary>Whether the layer's rate is held at or below the global one: a = min(a/lr, 1).</summary>
    public bool Clip { get; init; }                      // off in SwAV

    /// <summary>Keeps the quotient of norms finite.</summary>
    public double Epsilon { get; init; } = 1e-8;         // apex

    /// <summary>Momentum; from 0 to below 1.</summary>
    public double Momentum { get; init; } = 0.9;         // SwAV

    /// <summary>L2 weight decay, added to the gradient before the layer's rate.</summary>
    public double WeightDecay { get; init; } = 1e-6;     // SwAV
}
