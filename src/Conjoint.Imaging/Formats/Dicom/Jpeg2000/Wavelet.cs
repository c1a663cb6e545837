namespace Conjoint.Imaging.Jpeg2000;

/// <summary>The inverse wavelet transform (T.800 annex F).</summary>
internal static class Wavelet
{
    // Lifting steps and scale of the 9/7 filter (table F.4).
    private const float Alpha = -1.586134342059924f;
    private const float Beta = -0.052980118572961f;
    private const float Gamma = 0.882911075530934f;
    private const float Delta = 0.443506852043971f;
    private const float Scale = 1.230174104914001f;

    // Room for the mirrored samples at both ends.
    private const int Margin = 4;

    private delegate void Lift<T>(Span<T> line, int first, int length);

    /// <summary>Puts a resolution together from the one below and its three bands.</summary>
    /// <param name="to">Bounds of the result; all arrays are row by row.</param>
    /// <param name="low">The lower resolution.</param>
    /// <param name="bands">HL, LH, HH with their bounds.</param>
    public static float[] Combine(Bounds to, (Bounds Bounds, float[] Values) low, IReadOnlyList<(Bounds Bounds, float[] Values)> bands) =>
        Combine<float>(to, low, bands, Irreversible);

    /// <inheritdoc cref="Combine(Bounds, ValueTuple{Bounds, float[]}, IReadOnlyList{ValueTuple{Bounds, float[]}})"/>
    public static int[] Combine(Bounds to, (Bounds Bounds, int[] Values) low, IReadOnlyList<(Bounds Bounds, int[] Values)> bands) =>
        Combine<int>(to, low, bands, Reversible);

    private static T[] Combine<T>(Bounds to, (Bounds Bounds, T[] Values) low, IReadOnlyList<(Bounds Bounds, T[] Values)> bands, Lift<T> lift)
        where T : struct
    {
        var (width, height) = (to.Width, to.Height);
        var result = new T[width * height];
        Interleave(low, 0, 0);
        Interleave(bands[0], 1, 0);
        Interleave(bands[1], 0, 1);
        Interleave(bands[2], 1, 1);

        var line = new T[Math.Max(width, height) + 2 * Margin];
        for (var y = 0; y < height; y++)
        {
            var row = result.AsSpan(y * width, width);
            row.CopyTo(line.AsSpan(Margin));
            Mirror(line, width);
            lift(line, to.X0, width);
            line.AsSpan(Margin, width).CopyTo(row);
        }

        for (var x = 0; x < width; x++)
        {
            for (var y = 0; y < height; y++)
                line[Margin + y] = result[y * width + x];
            Mirror(line, height);
            lift(line, to.Y0, height);
            for (var y = 0; y < height; y++)
                result[y * width + x] = line[Margin + y];
        }

        return result;

        // Sample (u, v) of a band stands at (2u + right, 2v + below) of the result.
        void Interleave((Bounds Bounds, T[] Values) band, int right, int below)
        {
            for (var v = 0; v < band.Bounds.Height; v++)
            {
                var at = (2 * (band.Bounds.Y0 + v) + below - to.Y0) * width + 2 * band.Bounds.X0 + right - to.X0;
                for (var u = 0; u < band.Bounds.Width; u++, at += 2)
                    result[at] = band.Values[v * band.Bounds.Width + u];
            }
        }
    }

    /// <summary>Continues a line to both sides by reflection at its first and last sample.</summary>
    private static void Mirror<T>(T[] line, int length)
    {
        if (length < 2)
            return;
        var period = 2 * (length - 1);
        for (var i = 1; i <= Margin; i++)
        {
            line[Margin - i] = line[Margin + Reflected(-i)];
            line[Margin + length - 1 + i] = line[Margin + Reflected(length - 1 + i)];
        }

        int Reflected(int at)
        {
            at = ((at % period) + period) % period;
            return at < length ? at : period - at;
        }
    }

    /// <summary>5/3: the line's first sample has the index <paramref name="first"/>; even ones are low.</summary>
    private static void Reversible(Span<int> line, int first, int length)
    {
        var odd = first & 1;
        if (length == 1)
        {
            line[Margin] = odd == 1 ? line[Margin] >> 1 : line[Margin];
            return;
        }

        var (begin, end) = (Margin, Margin + length);
        for (var i = begin - 2 + ((odd + 2) & 1); i < end + 2; i += 2)
            line[i] -= (line[i - 1] + line[i + 1] + 2) >> 2;
        for (var i = begin - 1 + odd; i < end + 1; i += 2)
            line[i] += (line[i - 1] + line[i + 1]) >> 1;
    }

    /// <summary>9/7.</summary>
    private static void Irreversible(Span<float> line, int first, int length)
    {
        var odd = first & 1;
        if (length == 1)
        {
            line[Margin] = odd == 1 ? line[Margin] / 2 : line[Margin];
            return;
        }

        var (begin, end) = (Margin, Margin + length);
        var low = begin + odd;                // an even index; the line before it is mirrored
        for (var i = 0; i < end + Margin; i++)
            line[i] *= ((i - low) & 1) == 0 ? Scale : 1 / Scale;
        Step(line, low - 4, 3, end + 3, -Delta);
        Step(line, low - 3, 2, end + 2, -Gamma);
        Step(line, low - 4, 1, end + 1, -Beta);
        Step(line, low - 3, 0, end, -Alpha);
    }

    /// <summary>Adds to every second sample its neighbours' sum times a factor, as far as the margins are right.</summary>
    private static void Step(Span<float> line, int from, int margin, int end, float factor)
    {
        var start = Margin - margin;
        while (from < start)
            from += 2;
        for (var i = Math.Max(from, 1); i < end && i + 1 < line.Length; i += 2)
            line[i] += factor * (line[i - 1] + line[i + 1]);
    }
}
