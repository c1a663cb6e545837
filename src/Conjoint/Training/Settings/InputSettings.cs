using Conjoint.Runtime.Settings;

namespace Conjoint.Training.Settings;

/// <summary>The one normalisation of all stages and tasks: (value in [0, 1] − mean) / std. It travels in the weights' card.</summary>
public sealed record InputSettings
{
    /// <summary>Mean that is taken off.</summary>
    [Bounds(AtLeast = 0, AtMost = 1)]
    public double Mean { get; init; } = 0.3;

    /// <summary>Standard deviation that is divided by.</summary>
    [Bounds(Above = 0, AtMost = 1)]
    public double Std { get; init; } = 0.25;
}
