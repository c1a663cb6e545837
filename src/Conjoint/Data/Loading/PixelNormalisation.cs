namespace Conjoint.Data;

/// <summary>The last step before the nets, on values already in [0, 1]: (x − mean) / std. Its numbers travel in the weights' card, so that every task scales its input as the pre-training did.</summary>
/// <param name="Mean">Subtracted.</param>
/// <param name="Std">Divided by; above 0.</param>
public sealed record PixelNormalisation(double Mean, double Std)
{
    // Samples enough for two digits; the choice of slices is even, not random, so that the figures are the same every time.
    private const int MeasuredSlices = 2000;
    private const double SmallestStd = 1e-3;

    /// <summary>Scales values in place.</summary>
    public void Apply(Span<float> values)
    {
        var scale = (float)(1 / Std);
        var shift = (float)(-Mean / Std);
        var wide = System.Numerics.Vector<float>.Count;
        var i = 0;
        for (; i <= values.Length - wide; i += wide)
        {
            var scaled = new System.Numerics.Vector<float>(values[i..]) * scale + new System.Numerics.Vector<float>(shift);
            scaled.CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
            values[i] = values[i] * scale + shift;
    }

    /// <summary>Mean and standard deviation over the pixels of the samples: at most 2000 slices spread evenly, each counting alike whatever its size.</summary>
    /// <param name="samples">What the training sees; at least one slice.</param>
    /// <exception cref="ArgumentException">No samples.</exception>
    public static PixelNormalisation Measure(SliceSamples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Count == 0)
            throw new ArgumentException("No slices to measure.", nameof(samples));
        var taken = Math.Min(samples.Count, MeasuredSlices);
        var (sum, squares) = (0.0, 0.0);
        var buffer = Array.Empty<float>();
        for (var i = 0; i < taken; i++)
        {
            var sample = samples[(int)((long)i * samples.Count / taken)];
            var pixels = sample.Case.Height * sample.Case.Width;
            if (buffer.Length < pixels)
                buffer = new float[pixels];
            sample.Store.ReadSlices(sample.Case, sample.Slice, 1, buffer.AsSpan(0, pixels));
            var (mean, squared) = (0.0, 0.0);
            for (var p = 0; p < pixels; p++)
            {
                mean += buffer[p];
                squared += (double)buffer[p] * buffer[p];
            }

            sum += mean / pixels;
            squares += squared / pixels;
        }

        var average = sum / taken;
        var std = Math.Sqrt(Math.Max(0, squares / taken - average * average));
        // Four digits say all there is to say and keep the card readable.
        return new PixelNormalisation(Math.Round(average, 4), Math.Max(SmallestStd, Math.Round(std, 4)));
    }
}
