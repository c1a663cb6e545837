namespace Conjoint.Data.Augmentation;

/// <summary>
/// From what the parameters of the seven transforms are drawn. The defaults are those of TorchIO 0.19.3, which the released code uses
/// as they are.
/// </summary>
public sealed record VolumeTransformSettings
{
    /// <summary>The kinds from which the views are drawn; at least two different ones for <see cref="TwoViews"/>.</summary>
    public IReadOnlyList<VolumeTransformKind> Kinds { get; init; } = Enum.GetValues<VolumeTransformKind>();

    /// <summary>Axes that <see cref="VolumeTransformKind.Flip"/> may mirror: TorchIO's first axis, which is the slice axis in the release.</summary>
    public IReadOnlyList<VolumeAxis> FlipAxes { get; init; } = [VolumeAxis.Z];

    /// <summary>Probability with which each of the flip axes is mirrored, in [0, 1].</summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Scales are drawn from 1 ± this for each axis by itself; in [0, 1).</summary>
    public double ScaleRange { get; init; } = 0.1;

    /// <summary>Rotations about each axis are drawn from ± this, in degrees of [0, 180].</summary>
    public double RotationDegrees { get; init; } = 10;

    /// <summary>Shifts along each axis are drawn from ± this, in millimetres, at least 0.</summary>
    public double TranslationMm { get; init; }

    /// <summary>Least factor by which <see cref="VolumeTransformKind.Anisotropy"/> thins an axis; at least 1.</summary>
    public double MinDownsampling { get; init; } = 1.5;

    /// <summary>Greatest factor by which <see cref="VolumeTransformKind.Anisotropy"/> thins an axis.</summary>
    public double MaxDownsampling { get; init; } = 5;

    /// <summary>Mean of the noise.</summary>
    public double NoiseMean { get; init; }

    /// <summary>The standard deviation of the noise is drawn from 0 to this; volumes lie in [0, 1].</summary>
    public double MaxNoiseStd { get; init; } = 0.25;

    /// <summary>The standard deviation of the blur is drawn from 0 to this for each axis by itself, in millimetres.</summary>
    public double MaxBlurStdMm { get; init; } = 2;

    /// <summary>Coefficients of the bias field are drawn from ± this; at least 0.</summary>
    public double BiasFieldCoefficient { get; init; } = 0.5;

    /// <summary>Order of the polynomial whose exponential is the bias field; 0 to 8.</summary>
    public int BiasFieldOrder { get; init; } = 3;

    /// <summary>The natural logarithm of gamma is drawn from ± this; at least 0.</summary>
    public double LogGamma { get; init; } = 0.3;

    /// <summary>What is wrong with these settings, a sentence each; empty when they can be used.</summary>
    public IEnumerable<string> Faults()
    {
        if (Kinds.Distinct().Count() != Kinds.Count || Kinds.Count < 2 || !Kinds.All(Enum.IsDefined))
        {
            yield return $"{nameof(Kinds)} must name at least two different transforms, each once, to make two views.";
        }

        if (FlipAxes.Count == 0 || FlipAxes.Distinct().Count() != FlipAxes.Count || !FlipAxes.All(Enum.IsDefined))
        {
            yield return $"{nameof(FlipAxes)} must name one to three different axes of X, Y and Z.";
        }

        foreach (var fault in new[]
        {
            Outside(nameof(FlipProbability), FlipProbability, 0, 1),
            Outside(nameof(ScaleRange), ScaleRange, 0, 0.99),
            Outside(nameof(RotationDegrees), RotationDegrees, 0, 180),
            Outside(nameof(TranslationMm), TranslationMm, 0, 1e4),
            Outside(nameof(MinDownsampling), MinDownsampling, 1, 1e3),
            Outside(nameof(MaxDownsampling), MaxDownsampling, MinDownsampling, 1e3),
            Outside(nameof(NoiseMean), NoiseMean, -1e6, 1e6),
            Outside(nameof(MaxNoiseStd), MaxNoiseStd, 0, 1e6),
            Outside(nameof(MaxBlurStdMm), MaxBlurStdMm, 0, 1e3),
            Outside(nameof(BiasFieldCoefficient), BiasFieldCoefficient, 0, 10),
            Outside(nameof(BiasFieldOrder), BiasFieldOrder, 0, 8),
            Outside(nameof(LogGamma), LogGamma, 0, 10),
        })
        {
            if (fault is not null)
            {
                yield return fault;
            }
        }
    }

    private static string? Outside(string name, double value, double minimum, double maximum) =>
        value >= minimum && value <= maximum ? null : FormattableString.Invariant($"{name} is {value}; it must lie between {minimum} and {maximum}.");
}
