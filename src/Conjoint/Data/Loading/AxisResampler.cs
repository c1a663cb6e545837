namespace Conjoint.Data;

/// <summary>
/// Linear resampling along one axis, widened to a triangle over the source when the target is smaller, so that fine detail is
/// averaged instead of skipped. Sample centres at half-pixels (the convention of <c>align_corners: false</c> with antialiasing).
/// </summary>
internal sealed class AxisResampler
{
    private readonly int[] _first;
    private readonly float[][] _weights;

    public AxisResampler(int source, int target)
    {
        (Source, Target) = (source, target);
        _first = new int[target];
        _weights = new float[target][];
        var ratio = (double)source / target;
        var reach = Math.Max(1.0, ratio);
        for (var o = 0; o < target; o++)
        {
            var centre = (o + 0.5) * ratio;
            var first = Math.Max(0, (int)Math.Floor(centre - reach + 0.5));
            var end = Math.Min(source, (int)Math.Floor(centre + reach + 0.5));
            var raw = new double[end - first];
            for (var i = 0; i < raw.Length; i++)
                raw[i] = Math.Max(0, 1 - Math.Abs((first + i + 0.5 - centre) / reach));
            var sum = raw.Sum();
            _first[o] = first;
            _weights[o] = [.. raw.Select(w => (float)(w / sum))];
        }
    }

    public int Source { get; }

    public int Target { get; }

    /// <summary>Resamples every row of [rows, Source] to [rows, Target].</summary>
    public void Rows(ReadOnlySpan<float> source, int rows, Span<float> target)
    {
        if (Source == Target)
        {
            source[..(rows * Source)].CopyTo(target);
            return;
        }

        for (var r = 0; r < rows; r++)
        {
            var line = source.Slice(r * Source, Source);
            var result = target.Slice(r * Target, Target);
            for (var o = 0; o < result.Length; o++)
            {
                var weights = _weights[o];
                var taps = line.Slice(_first[o], weights.Length);
                var sum = 0f;
                for (var i = 0; i < weights.Length; i++)
                    sum += weights[i] * taps[i];
                result[o] = sum;
            }
        }
    }

    /// <summary>Resamples the columns: [Source, width] to [Target, width], rows of the target <paramref name="stride"/> apart.</summary>
    public void Columns(ReadOnlySpan<float> source, int width, Span<float> target, int stride)
    {
        for (var o = 0; o < Target; o++)
        {
            var result = target.Slice(o * stride, width);
            if (Source == Target)
            {
                source.Slice(o * width, width).CopyTo(result);
                continue;
            }

            result.Clear();
            var weights = _weights[o];
            for (var i = 0; i < weights.Length; i++)
                AddScaled(source.Slice((_first[o] + i) * width, width), weights[i], result);
        }
    }

    private static void AddScaled(ReadOnlySpan<float> source, float factor, Span<float> sum)
    {
        var wide = System.Numerics.Vector<float>.Count;
        var x = 0;
        for (; x <= source.Length - wide; x += wide)
        {
            var product = new System.Numerics.Vector<float>(source[x..]) * factor;
            (new System.Numerics.Vector<float>(sum[x..]) + product).CopyTo(sum[x..]);
        }

        for (; x < source.Length; x++)
            sum[x] += source[x] * factor;
    }
}
