using System.Numerics;
using System.Runtime.CompilerServices;

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
        above = above[..row.Length];
        switch (filter)
        {
            case None:
                break;
            case Up:
                UndoUp(row, above);
                break;
            case Sub or Average or Paeth when distance == 1:
                UndoBytes(filter, row, above);
                break;
            case Sub or Average or Paeth:
                UndoPixels(filter, row, above, distance);
                break;
            default:
                return false;
        }

        return true;
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
        var i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            (new Vector<byte>(row[i..]) + new Vector<byte>(above[i..])).CopyTo(row[i..]);
        for (; i < row.Length; i++)
            row[i] += above[i];
    }

    /// <summary>The commonest case by far, grey of 8 bits or less: the byte to the left stays in a register.</summary>
    private static void UndoBytes(int filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        int left = 0, corner = 0;
        switch (filter)
        {
            case Sub:
                for (var i = 0; i < row.Length; i++)
                    row[i] = (byte)(left = (byte)(row[i] + left));
                break;
            case Average:
                for (var i = 0; i < row.Length; i++)
                    row[i] = (byte)(left = (byte)(row[i] + ((left + above[i]) >> 1)));
                break;
            default:
                for (var i = 0; i < row.Length; i++)
                {
                    int up = above[i];
                    row[i] = (byte)(left = (byte)(row[i] + Predict(left, up, corner)));
                    corner = up;
                }

                break;
        }
    }

    private static void UndoPixels(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        for (var i = 0; i < Math.Min(distance, row.Length); i++)
            row[i] += (byte)(filter switch { Sub => 0, Average => above[i] >> 1, _ => above[i] });

        switch (filter)
        {
            case Sub:
                for (var i = distance; i < row.Length; i++)
                    row[i] += row[i - distance];
                break;
            case Average:
                for (var i = distance; i < row.Length; i++)
                    row[i] += (byte)((row[i - distance] + above[i]) >> 1);
                break;
            default:
                for (var i = distance; i < row.Length; i++)
                    row[i] += (byte)Predict(row[i - distance], above[i], above[i - distance]);
                break;
        }
    }

    /// <summary>Section 9.4: of left, up and corner the nearest to p = left + up − corner; ties in this order.</summary>
    /// <remarks>
    /// With t = 3·corner − left − up, the corner is nearest exactly when t lies strictly between the smaller and the larger of
    /// left and up; at or below the smaller one p lies at the larger one's side, and the other way round. Written with sign masks,
    /// because on real images the choice can't be foreseen by the processor and a wrong guess costs more than the arithmetic.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Predict(int left, int up, int corner)
    {
        var difference = left - up;
        var negative = difference & (difference >> 31);
        int smaller = up + negative, larger = left - negative;
        var t = 3 * corner - up - left;

        var isBelowLarger = (t - larger) >> 31;
        var isAboveSmaller = (smaller - t) >> 31;
        var choice = (corner & isBelowLarger) | (smaller & ~isBelowLarger);
        return (choice & isAboveSmaller) | (larger & ~isAboveSmaller);
    }
}
