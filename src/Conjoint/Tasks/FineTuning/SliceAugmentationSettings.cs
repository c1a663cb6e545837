using Conjoint.Runtime.Settings;

namespace Conjoint.Tasks.FineTuning;

/// <summary>How far training slices are changed at random; zeros switch a change off.</summary>
/// <remarks>The release trains without augmentation. These light changes are ours: they help with few labels and keep left and right apart.</remarks>
public sealed record SliceAugmentationSettings
{
    /// <summary>Largest rotation to either side, in degrees.</summary>
    [Bounds(AtLeast = 0, AtMost = 180)]
    public double RotationDegrees { get; init; } = 10;

    /// <summary>Largest relative change of size: 0.1 draws factors from 0.9 to 1.1.</summary>
    [Bounds(AtLeast = 0, Below = 1)]
    public double Scale { get; init; } = 0.1;

    /// <summary>Largest shift along each axis as a share of the input's side.</summary>
    [Bounds(AtLeast = 0, AtMost = 1)]
    public double Translation { get; init; } = 0.05;

    /// <summary>Largest relative change of contrast about the slice's zero.</summary>
    [Bounds(AtLeast = 0, Below = 1)]
    public double Gain { get; init; } = 0.1;

    /// <summary>Largest change of brightness on the [0, 1] scale.</summary>
    [Bounds(AtLeast = 0, AtMost = 1)]
    public double Shift { get; init; } = 0.05;

    /// <summary>Largest logarithm of the exponent gamma.</summary>
    [Bounds(AtLeast = 0, AtMost = 2)]
    public double LogGamma { get; init; } = 0.15;

    /// <summary>Largest standard deviation of added noise on the [0, 1] scale.</summary>
    [Bounds(AtLeast = 0, AtMost = 1)]
    public double Noise { get; init; } = 0.01;

    /// <summary>Probability of mirroring left and right. 0, since mirrored anatomy has its labels on the wrong side.</summary>
    [Bounds(AtLeast = 0, AtMost = 1)]
    public double FlipProbability { get; init; }

    /// <summary>No change at all.</summary>
    public static SliceAugmentationSettings None { get; } =
        new() { RotationDegrees = 0, Scale = 0, Translation = 0, Gain = 0, Shift = 0, LogGamma = 0, Noise = 0 };
}
