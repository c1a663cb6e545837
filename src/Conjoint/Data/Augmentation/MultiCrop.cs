using System.Buffers;

namespace Conjoint.Data.Augmentation;

/// <summary>
/// Makes views of a slice: a random part, resized, mirrored, with other brightness and contrast, blurred, in SwAV's order. Values are
/// those before normalisation, in [0, 1]. Immutable and thread-safe; buffers are pooled.
/// </summary>
public sealed class MultiCrop
{
    private const int BlurReferenceSize = 224; // SwAV's standard deviations are pixels of this crop

    private const double MaxBlurSigma = 4096; // the largest crop

    private readonly MultiCropSettings _settings;

    /// <summary>A maker of views with those settings.</summary>
    /// <exception cref="ArgumentException">The settings have faults; the message lists them all.</exception>
    public MultiCrop(MultiCropSettings settings)
    {
        var faults = string.Join(' ', settings.Faults());
        if (faults.Length > 0)
        {
            throw new ArgumentException(faults, nameof(settings));
        }

        _settings = settings;
    }

    /// <summary>The settings.</summary>
    public MultiCropSettings Settings => _settings;

    /// <summary>Draws the parameters of a crop of a slice.</summary>
    /// <param name="crop">The sort of crop.</param>
    /// <param name="height">Rows of the slice, at least 1.</param>
    /// <param name="width">Columns of the slice, at least 1.</param>
    /// <param name="random">Where the parameters are drawn from.</param>
    public CropDraw Draw(CropSettings crop, int height, int width, RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        var draw = DrawPart(crop, height, width, random) with { IsFlipped = random.Chance(_settings.FlipProbability) };
        if (random.Chance(_settings.JitterProbability))
        {
            draw = draw with
            {
                IsContrastFirst = random.Chance(0.5),
                Brightness = DrawFactor(_settings.Brightness, random),
                Contrast = DrawFactor(_settings.Contrast, random),
            };
        }

        if (random.Chance(_settings.BlurProbability))
        {
            var sigma = random.Uniform(_settings.MinBlurSigma, _settings.MaxBlurSigma);
            draw = draw with { BlurSigma = sigma * crop.Size / BlurReferenceSize };
        }

        return draw;
    }

    /// <summary>Draws a crop and applies it.</summary>
    /// <param name="slice">The slice [height, width], values in [0, 1].</param>
    /// <param name="height">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="random">Where the parameters are drawn from.</param>
    /// <param name="destination">Receives the crop [size, size], values in [0, 1].</param>
    /// <param name="crop">The sort of crop.</param>
    /// <returns>What was drawn.</returns>
    /// <exception cref="ArgumentException">A length doesn't match its height and width.</exception>
    public CropDraw Apply(ReadOnlySpan<float> slice, int height, int width, RandomStream random, Span<float> destination, CropSettings crop)
    {
        var draw = Draw(crop, height, width, random);
        Apply(slice, height, width, draw, destination);
        return draw;
    }

    /// <summary>Applies a crop that has been drawn.</summary>
    /// <param name="slice">The slice [height, width], values in [0, 1].</param>
    /// <param name="height">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="draw">What to show and how.</param>
    /// <param name="destination">Receives the crop [size, size], values in [0, 1].</param>
    /// <exception cref="ArgumentException">A length doesn't match its height and width, or the part isn't inside the slice.</exception>
    public static void Apply(ReadOnlySpan<float> slice, int height, int width, CropDraw draw, Span<float> destination)
    {
        var size = draw.Size;
        if (slice.Length != height * width || destination.Length != size * size)
        {
            throw new ArgumentException(
                $"A slice of {height}×{width} and a crop of {size}×{size} need {height * width} and {size * size} values, not {slice.Length} and {destination.Length}.");
        }

        if (draw.Top < 0 || draw.Left < 0 || draw.Height < 1 || draw.Width < 1 || draw.Top + draw.Height > height || draw.Left + draw.Width > width)
        {
            throw new ArgumentException($"{draw} is not a part of a slice of {height}×{width}.", nameof(draw));
        }

        if (!(draw.BlurSigma >= 0 && draw.BlurSigma <= MaxBlurSigma))
        {
            throw new ArgumentException($"{draw} has a blur that isn't between 0 and {MaxBlurSigma} pixels.", nameof(draw));
        }

        // The crop is made transposed, because both passes of the resize run down columns; the blur uses both orders.
        var first = ArrayPool<float>.Shared.Rent(size * size);
        var transposed = first.AsSpan(0, size * size);
        LinearResize.Transposed(slice[(draw.Top * width + draw.Left)..], width, draw.Height, draw.Width, size, draw.IsFlipped, transposed);
        Jitter.Apply(transposed, draw);

        var radius = (int)Math.Ceiling(3 * draw.BlurSigma);
        if (radius == 0)
        {
            Transpose.Apply(transposed, size, size, destination);
        }
        else
        {
            var second = ArrayPool<float>.Shared.Rent(size * size);
            var between = second.AsSpan(0, size * size);
            var weights = ArrayPool<float>.Shared.Rent(radius + 1);
            var kernel = weights.AsSpan(0, radius + 1);
            GaussianFilter.Kernel(draw.BlurSigma, kernel);
            GaussianFilter.AcrossRows<float>(transposed, size, size, kernel, between);
            Transpose.Apply(between, size, size, transposed);
            GaussianFilter.AcrossRows<float>(transposed, size, size, kernel, destination);
            ArrayPool<float>.Shared.Return(weights);
            ArrayPool<float>.Shared.Return(second);
        }

        Elementwise.Map(destination, destination, default(Jitter.Clamp));
        ArrayPool<float>.Shared.Return(first);
    }

    /// <summary>torchvision's random resized crop: ten tries at an area and a ratio, then the largest central part of an allowed ratio.</summary>
    private CropDraw DrawPart(CropSettings crop, int height, int width, RandomStream random)
    {
        var (lowest, highest) = (Math.Log(_settings.MinRatio), Math.Log(_settings.MaxRatio));
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var area = (double)height * width * random.Uniform(crop.MinScale, crop.MaxScale);
            var ratio = Math.Exp(random.Uniform(lowest, highest));
            var partWidth = Math.Round(Math.Sqrt(area * ratio));
            var partHeight = Math.Round(Math.Sqrt(area / ratio));
            if (partWidth > 0 && partWidth <= width && partHeight > 0 && partHeight <= height)
            {
                var top = random.NextInt(height - (int)partHeight + 1);
                var left = random.NextInt(width - (int)partWidth + 1);
                return new CropDraw(crop.Size, top, left, (int)partHeight, (int)partWidth, IsFlipped: false);
            }
        }

        var (centralHeight, centralWidth) = (height, width);
        var sliceRatio = (double)width / height;
        if (sliceRatio < _settings.MinRatio)
        {
            centralHeight = Math.Clamp((int)Math.Round(width / _settings.MinRatio), 1, height);
        }
        else if (sliceRatio > _settings.MaxRatio)
        {
            centralWidth = Math.Clamp((int)Math.Round(height * _settings.MaxRatio), 1, width);
        }

        return new CropDraw(
            crop.Size, (height - centralHeight) / 2, (width - centralWidth) / 2, centralHeight, centralWidth, IsFlipped: false);
    }

    private static double DrawFactor(double strength, RandomStream random) =>
        random.Uniform(Math.Max(0, 1 - strength), 1 + strength);
}
