using Conjoint.Runtime;
using Conjoint.Runtime.Settings;

namespace Conjoint.Training.Settings;

/// <summary>From values in [0, 1] to what the nets see: (value − mean) / std for all stages and tasks. It travels in the weights' card.</summary>
public sealed record InputSettings
{
    /// <summary>One scale for all stages and tasks (paper), or the released code's three, which pass mean and std by.</summary>
    public InputScale Scale { get; init; } = InputScale.One;

    /// <summary>Mean that is taken off.</summary>
    [Bounds(AtLeast = 0, AtMost = 1)]
    public double Mean { get; init; } = 0.3;

    /// <summary>Standard deviation that is divided by.</summary>
    [Bounds(Above = 0, AtMost = 1)]
    public double Std { get; init; } = 0.25;
}
