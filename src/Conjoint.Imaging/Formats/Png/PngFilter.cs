using System.Numerics;

namespace Conjoint.Imaging;

/// <summary>The filters that PNG applies to each row before compression (specification, section 9).</summary>
internal static class PngFilter
{
    public const int None = 0;
    public const int Sub = 1;
    public const int Up = 2;
    public const int Average = 3;
    public const int Paeth = 4;

    /// <summary>Takes a filter off a row, in place.</summary>
    /// <param name="filter">0 to 4.</param>
    /// <param name="row">The row's bytes after the filter byte.</param>
    /// <param name="above">The row above, filter taken off; zeros for the first.</param>
    /// <param name="distance">Bytes of a pixel, at least 1.</param>
    /// <returns>False for an unknown filter.</returns>
    public static bool Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        switch (filter)
        {
            case None:
                return true;
            case Sub:
                for (var i = distance; i < row.Length; i++)
                    row[i] += row[i - distance];
                return true;
            case Up:
                UndoUp(row, above);
                return true;
            case Average:
                UndoAverage(row, above, distance);
                return true;
            case Paeth when distance == 1:
                UndoPaethOfBytes(row, above);
                return true;
            case Paeth:
                UndoPaeth(row, above, distance);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Applies a filter to a row.</summary>
    /// <param name="filter">0 to 4.</param>
    /// <param name="row">The row's bytes.</param>
    /// <param name="above">The row above; zeros for the first.</param>
    /// <param name="distance">Bytes of a pixel, at least 1.</param>
    /// <param name="filtered">Receives the result, as long as the row.</param>
    public static void Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int distance, Span<byte> filtered)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var left = i < distance ? 0 : row[i - distance];
            var corner = i < distance ? 0 : above[i - distance];
            var prediction = filter switch
            {
                Sub => left,
                Up => above[i],
                Average => (left + above[i]) >> 1,
                Paeth => Predict(left, above[i], corner),
                _ => 0,
            };
            filtered[i] = (byte)(row[i] - prediction);
        }
    }

    private static void UndoUp(Span<byte> row, ReadOnlySpan<byte> above)
    {
        above = above[..row.Length];
        var i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            (new Vector<byte>(row[i..]) + new Vector<byte>(above[i..])).CopyTo(row[i..]);
        for (; i < row.Length; i++)
            row[i] += above[i];
    }

    private static void UndoAverage(Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        above = above[..row.Length];
        for (var i = 0; i < Math.Min(distance, row.Length); i++)
            row[i] += (byte)(above[i] >> 1);
        for (var i = distance; i < row.Length; i++)
            row[i] += (byte)((row[i - distance] + above[i]) >> 1);
    }

    /// <summary>The commonest case by far, grey of 8 bits or less: left and corner stay in registers.</summary>
    private static void UndoPaethOfBytes(Span<byte> row, ReadOnlySpan<byte> above)
    {
        above = above[..row.Length];
        int left = 0, corner = 0;
        for (var i = 0; i < row.Length; i++)
        {
            int up = above[i];
            left = (byte)(row[i] + Predict(left, up, corner));
            row[i] = (byte)left;
            corner = up;
        }
    }

    private static void UndoPaeth(Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        above = above[..row.Length];
        for (var i = 0; i < Math.Min(distance, row.Length); i++)
            row[i] += above[i];
        for (var i = distance; i < row.Length; i++)
            row[i] += (byte)Predict(row[i - distance], above[i], above[i - distance]);
    }

    /// <summary>Section 9.4: of left, up and corner the nearest to left + up − corner; ties in this order.</summary>
    private static int Predict(int left, int up, int corner)
    {
        // Written without early exits: compiled to conditional moves, because the choice can't be foreseen on real images.
        var toLeft = Math.Abs(up - corner);
        var toUp = Math.Abs(left - corner);
        var toCorner = Math.Abs(left + up - 2 * corner);
        var other = toUp <= toCorner ? up : corner;
        return toLeft <= Math.Min(toUp, toCorner) ? left : other;
    }
}
