namespace Conjoint.Data.Augmentation;

/// <summary>The views of a slice: SwAV's multi-crop (Caron et al., 2020) with what grey images have of its colour distortion.</summary>
public sealed record MultiCropSettings
{
    /// <summary>The sorts of crops, large ones first: SwAV's two of 224 and six of 96 pixels.</summary>
    public IReadOnlyList<CropSettings> Crops { get; init; } =
    [
        new() { Count = 2, Size = 224, MinScale = 0.14, MaxScale = 1 },
        new() { Count = 6, Size = 96, MinScale = 0.05, MaxScale = 0.14 },
    ];

    /// <summary>Least ratio of width to height of the part of the slice that is shown.</summary>
    public double MinRatio { get; init; } = 3.0 / 4; // torchvision

    /// <summary>Greatest ratio of width to height.</summary>
    public double MaxRatio { get; init; } = 4.0 / 3; // torchvision

    /// <summary>Probability of a mirror image from left to right.</summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Probability that brightness and contrast change.</summary>
    public double JitterProbability { get; init; } = 0.8; // SwAV

    /// <summary>The brightness factor is drawn from max(0, 1 - this) to 1 + this.</summary>
    public double Brightness { get; init; } = 0.8; // SwAV's strength 1

    /// <summary>The contrast factor is drawn from max(0, 1 - this) to 1 + this.</summary>
    public double Contrast { get; init; } = 0.8; // SwAV's strength 1

    /// <summary>Probability of a Gaussian blur.</summary>
    public double BlurProbability { get; init; } = 0.5; // SwAV

    /// <summary>Least standard deviation of the blur, in pixels of a crop of 224; smaller crops get proportionally less.</summary>
    public double MinBlurSigma { get; init; } = 0.1; // SwAV

    /// <summary>Greatest standard deviation of the blur, in pixels of a crop of 224.</summary>
    public double MaxBlurSigma { get; init; } = 2; // SwAV

    /// <summary>What is wrong with these settings, a sentence each; empty when they can be used.</summary>
    public IEnumerable<string> Faults()
    {
        if (Crops.Count == 0)
        {
            yield return $"{nameof(Crops)} is empty; there must be at least one sort of crops.";
        }

        for (var i = 0; i < Crops.Count; i++)
        {
            var crop = Crops[i];
            if (crop.Count < 1 || crop.Size is < 1 or > 4096)
            {
                yield return $"{nameof(Crops)}[{i}] asks for {crop.Count} of {crop.Size} pixels; there must be at least one, of 1 to 4096 pixels.";
            }

            if (!(crop.MinScale > 0 && crop.MinScale <= crop.MaxScale && crop.MaxScale <= 1))
            {
                yield return FormattableString.Invariant(
                    $"{nameof(Crops)}[{i}] has scales from {crop.MinScale} to {crop.MaxScale}; they must be above 0, at most 1 and in order.");
            }
        }

        if (!(MinRatio > 0.01 && MinRatio <= MaxRatio && MaxRatio < 100))
        {
            yield return FormattableString.Invariant(
                $"{nameof(MinRatio)} {MinRatio} and {nameof(MaxRatio)} {MaxRatio} must lie between 0.01 and 100, in order.");
        }

        foreach (var (name, value) in new (string, double)[]
        {
            (nameof(FlipProbability), FlipProbability), (nameof(JitterProbability), JitterProbability), (nameof(BlurProbability), BlurProbability),
        })
        {
            if (!(value >= 0 && value <= 1))
            {
                yield return FormattableString.Invariant($"{name} is {value}; a probability lies between 0 and 1.");
            }
        }

        if (!(Brightness >= 0 && Brightness <= 10 && Contrast >= 0 && Contrast <= 10))
        {
            yield return FormattableString.Invariant($"{nameof(Brightness)} {Brightness} and {nameof(Contrast)} {Contrast} must lie between 0 and 10.");
        }

        if (!(MinBlurSigma >= 0 && MinBlurSigma <= MaxBlurSigma && MaxBlurSigma <= 50))
        {
            yield return FormattableString.Invariant(
                $"{nameof(MinBlurSigma)} {MinBlurSigma} and {nameof(MaxBlurSigma)} {MaxBlurSigma} must lie between 0 and 50 pixels, in order.");
        }
    }
}
