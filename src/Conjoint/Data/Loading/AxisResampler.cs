namespace Conjoint.Data;

/// <summary>
/// Linear resampling along one axis, widened to a triangle over the source when the target is smaller, so that fine detail is
/// averaged instead of skipped. Sample centres at half-pixels (the convention of <c>align_corners: false</c> with antialiasing).
/// <see cref="OnGrid"/> is the other sort: samples at given places.
/// </summary>
internal sealed class AxisResampler
{
    private const double StdOfWidth = 2.3548200450309493; // full width at half maximum of a Gaussian over σ: 2·√(2·ln 2)
    private const double KernelReach = 4;                 // in σ: what lies beyond weighs less than 1e-4

    private readonly int[] _first;
    private readonly float[][] _weights;

    public AxisResampler(int source, int target)
    {
        (Source, Target, IsIdentity) = (source, target, source == target);
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

    private AxisResampler(AxisGrid grid)
    {
        (Source, Target, IsIdentity) = (grid.Source, grid.Filled, grid.Step == 1 && grid.Offset + grid.First == 0 && grid.Filled == grid.Source);
        _first = new int[Target];
        _weights = new float[Target][];
        var kernel = Kernel(grid.Step);
        var dense = new double[Source];
        for (var o = 0; o < Target; o++)
        {
            var at = Math.Clamp(grid.Offset + grid.Step * (grid.First + o), 0, Source - 1);
            var below = Math.Min((int)at, Source - 1);
            var share = at - below;
            var (first, end) = (Math.Max(0, below - kernel.Length + 1), Math.Min(Source, below + kernel.Length + 1));
            for (var k = 1 - kernel.Length; k < kernel.Length; k++)
            {
                dense[Mirrored(below + k)] += (1 - share) * kernel[Math.Abs(k)];
                if (share > 0)
                    dense[Mirrored(below + 1 + k)] += share * kernel[Math.Abs(k)];
            }

            _first[o] = first;
            _weights[o] = [.. dense.AsSpan(first, end - first).ToArray().Select(w => (float)w)];
            Array.Clear(dense, first, end - first);
        }
    }

    /// <summary>
    /// Linear interpolation at the places of a grid; where it is coarser than the source, of values that a Gaussian has smoothed to the
    /// width of the new voxels: σ = √(step² − 1) / 2.355 source voxels (Cardoso et al., "Scale factor point spread function matching",
    /// MICCAI 2015). Beyond the ends the values are mirrored.
    /// </summary>
    public static AxisResampler OnGrid(AxisGrid grid) => new(grid);

    /// <summary>Whether the target equals the source.</summary>
    public bool IsIdentity { get; }

    public int Source { get; }

    public int Target { get; }

    /// <summary>Resamples every row of [rows, Source] to [rows, Target].</summary>
    public void Rows(ReadOnlySpan<float> source, int rows, Span<float> target)
    {
        if (IsIdentity)
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
            if (IsIdentity)
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

    /// <summary>Half a Gaussian that sums to 1 in all; one weight of 1 where nothing has to be smoothed.</summary>
    private static double[] Kernel(double step)
    {
        if (step <= 1)
            return [1];
        var sigma = Math.Sqrt(step * step - 1) / StdOfWidth;
        var half = new double[(int)Math.Ceiling(KernelReach * sigma) + 1];
        Augmentation.GaussianFilter.Kernel<double>(sigma, half);
        return half;
    }

    private int Mirrored(int index)
    {
        while (index < 0 || index >= Source)
            index = index < 0 ? -1 - index : 2 * Source - 1 - index;
        return index;
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
