using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Conjoint.Data.Augmentation;

/// <summary>Exchanges rows and columns.</summary>
internal static class Transpose
{
    private const int Block = 8;

    /// <summary>destination[j, i] = source[i, j] for a source of rows × columns.</summary>
    public static void Apply(ReadOnlySpan<float> source, int rows, int columns, Span<float> destination)
    {
        ref var from = ref MemoryMarshal.GetReference(source[..(rows * columns)]);
        ref var to = ref MemoryMarshal.GetReference(destination[..(rows * columns)]);
        var (blockRows, blockColumns) = Avx.IsSupported ? (rows / Block * Block, columns / Block * Block) : (0, 0);
        for (var i = 0; i < blockRows; i += Block)
        {
            for (var j = 0; j < blockColumns; j += Block)
            {
                EightByEight(ref from, (nuint)(i * columns + j), (nuint)columns, ref to, (nuint)(j * rows + i), (nuint)rows);
            }
        }

        for (var i = 0; i < rows; i++)
        {
            for (var j = i < blockRows ? blockColumns : 0; j < columns; j++)
            {
                destination[j * rows + i] = source[i * columns + j];
            }
        }
    }

    /// <summary>Pairs of rows, then pairs of pairs, then halves.</summary>
    private static void EightByEight(ref float from, nuint read, nuint columns, ref float to, nuint write, nuint rows)
    {
        var (a0, a1) = Interleave(ref from, read, columns, 0, 1);
        var (a2, a3) = Interleave(ref from, read, columns, 2, 3);
        var (a4, a5) = Interleave(ref from, read, columns, 4, 5);
        var (a6, a7) = Interleave(ref from, read, columns, 6, 7);

        var b0 = Avx.Shuffle(a0, a2, 0b01_00_01_00);
        var b1 = Avx.Shuffle(a0, a2, 0b11_10_11_10);
        var b2 = Avx.Shuffle(a1, a3, 0b01_00_01_00);
        var b3 = Avx.Shuffle(a1, a3, 0b11_10_11_10);
        var b4 = Avx.Shuffle(a4, a6, 0b01_00_01_00);
        var b5 = Avx.Shuffle(a4, a6, 0b11_10_11_10);
        var b6 = Avx.Shuffle(a5, a7, 0b01_00_01_00);
        var b7 = Avx.Shuffle(a5, a7, 0b11_10_11_10);

        Avx.Permute2x128(b0, b4, 0x20).StoreUnsafe(ref to, write);
        Avx.Permute2x128(b1, b5, 0x20).StoreUnsafe(ref to, write + rows);
        Avx.Permute2x128(b2, b6, 0x20).StoreUnsafe(ref to, write + 2 * rows);
        Avx.Permute2x128(b3, b7, 0x20).StoreUnsafe(ref to, write + 3 * rows);
        Avx.Permute2x128(b0, b4, 0x31).StoreUnsafe(ref to, write + 4 * rows);
        Avx.Permute2x128(b1, b5, 0x31).StoreUnsafe(ref to, write + 5 * rows);
        Avx.Permute2x128(b2, b6, 0x31).StoreUnsafe(ref to, write + 6 * rows);
        Avx.Permute2x128(b3, b7, 0x31).StoreUnsafe(ref to, write + 7 * rows);
    }

    private static (Vector256<float> Low, Vector256<float> High) Interleave(ref float from, nuint read, nuint columns, nuint upper, nuint lower)
    {
        var a = Vector256.LoadUnsafe(ref from, read + upper * columns);
        var b = Vector256.LoadUnsafe(ref from, read + lower * columns);
        return (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b));
    }
}
