namespace Conjoint.Data;

/// <summary>Exact percentiles of many floats without sorting or copying them: two passes over histograms of their bits.</summary>
internal static class OrderStatistics
{
    private const int Bins = 1 << 16;

    /// <summary>Percentiles as NumPy's default: linear between the two nearest ranks.</summary>
    /// <param name="values">At least one, all finite.</param>
    /// <param name="percentiles">In [0, 100].</param>
    public static double[] Percentiles(ReadOnlySpan<float> values, params ReadOnlySpan<double> percentiles)
    {
        var coarse = new long[Bins];
        foreach (var value in values)
            coarse[Key(value) >> 16]++;

        var result = new double[percentiles.Length];
        for (var i = 0; i < percentiles.Length; i++)
        {
            var rank = percentiles[i] / 100 * (values.Length - 1);
            var below = (long)Math.Floor(rank);
            var low = AtRank(values, coarse, below);
            var share = rank - below;
            result[i] = share > 0 ? low + share * ((double)AtRank(values, coarse, below + 1) - low) : low;
        }

        return result;
    }

    private static float AtRank(ReadOnlySpan<float> values, long[] coarse, long rank)
    {
        var bin = Locate(coarse, ref rank);
        var fine = new long[Bins];
        foreach (var value in values)
        {
            var key = Key(value);
            if (key >> 16 == bin)
                fine[key & (Bins - 1)]++;
        }

        return Value(((uint)bin << 16) | (uint)Locate(fine, ref rank));
    }

    private static int Locate(long[] counts, ref long rank)
    {
        for (var bin = 0; ; bin++)
        {
            if (rank < counts[bin])
                return bin;
            rank -= counts[bin];
        }
    }

    /// <summary>Bits in the order of the values: negative numbers turned round and put below the others.</summary>
    private static uint Key(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
    }

    private static float Value(uint key) =>
        BitConverter.UInt32BitsToSingle((key & 0x8000_0000) != 0 ? key & 0x7FFF_FFFF : ~key);
}
