using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// Turns the values of a mask file into labels. 0 and 255 become 0 and 1; a mask whose greys lie only at the edges between 0 and
/// 255 is cut at 128; otherwise values are labels already and have to be whole numbers.
/// </summary>
internal static class MaskLabels
{
    private const int MostLabels = 256;
    private const float Near = 8;
    private const int FewGreys = 8;         // so many values may be labels spread over 0..255
    private const double GreyEdgeShare = 0.9;

    /// <param name="values">The values as stored in the file; finite or not.</param>
    /// <returns>Labels in the same order, and the foreground ones that occur, ascending.</returns>
    /// <exception cref="InputDataException">Values that can't be labels. The path is empty.</exception>
    public static (ushort[] Labels, int[] Found) From(ReadOnlySpan<float> values)
    {
        var found = new Dictionary<float, long>();
        var last = float.NaN;
        var run = 0L;
        foreach (var value in values)
        {
            if (value == last)
            {
                run++;
                continue;
            }

            Count(found, last, run);
            (last, run) = (value, 1);
        }

        Count(found, last, run);
        return IsBinaryGrey(found, values.Length) ? Cut(values) : Whole(values, found);
    }

    private static void Count(Dictionary<float, long> found, float value, long run)
    {
        if (run == 0)
            return;
        if (!float.IsFinite(value) || value < 0 || value > ushort.MaxValue)
            throw new InputDataException("", FormattableString.Invariant($"its mask holds {value}; labels are whole numbers from 0 to {ushort.MaxValue}"));
        found[value] = found.GetValueOrDefault(value) + run;
        if (found.Count > ushort.MaxValue)
            throw new InputDataException("", "its mask holds more different values than a mask can have labels");
    }

    private static bool IsBinaryGrey(Dictionary<float, long> found, long count)
    {
        if (found.Keys.Any(v => v > 255) || !found.Keys.Any(v => v >= 255 - Near))
            return false;
        if (found.Keys.All(v => v == 0 || v >= 255 - Near))
            return true;
        var near = found.Where(v => v.Key <= Near || v.Key >= 255 - Near).Sum(v => v.Value);
        return found.Count > FewGreys && near >= GreyEdgeShare * count;
    }

    private static (ushort[], int[]) Cut(ReadOnlySpan<float> values)
    {
        var labels = new ushort[values.Length];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = values[i] >= 128 ? (ushort)1 : (ushort)0;
        return (labels, labels.AsSpan().Contains((ushort)1) ? [1] : []);
    }

    private static (ushort[], int[]) Whole(ReadOnlySpan<float> values, Dictionary<float, long> found)
    {
        var odd = found.Keys.Where(v => v != MathF.Round(v)).Order().ToArray();
        if (odd.Length > 0)
            throw new InputDataException("", FormattableString.Invariant($"its mask holds {odd[0]}; labels are whole numbers"));
        if (found.Count > MostLabels)
            throw new InputDataException("", $"its mask holds {found.Count} different values; expected labels, at most {MostLabels} of them, or 0 and 255");
        var labels = new ushort[values.Length];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = (ushort)values[i];
        return (labels, [.. found.Keys.Where(v => v > 0).Order().Select(v => (int)v)]);
    }
}
