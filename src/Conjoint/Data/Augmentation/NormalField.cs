using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Conjoint.Data.Augmentation;

/// <summary>
/// Standard-normal numbers for whole volumes: the n-th is a function of the seed and n alone, so that a field can be made in parts, in any
/// order, and whole vectors at a time.
/// </summary>
/// <remarks>
/// SplitMix64 (Steele, Lea and Flood, 2014) of a counter gives 64 bits for two numbers, by the transform of Box and Muller (1958). In single
/// precision; with 32 bits a number, none is farther from 0 than 6.7.
/// </remarks>
internal static class NormalField
{
    /// <summary>Numbers that are made at a time; a part of a field begins at a multiple of it.</summary>
    public const int BlockLength = 32;

    private const int Pairs = BlockLength / 2;
    private const ulong Golden = 0x9E3779B97F4A7C15; // 2^64 divided by the golden ratio
    private const float UnitOf32Bits = 1f / 4294967296f;

    /// <summary>Fills a span with numbers from <paramref name="first"/> on.</summary>
    /// <typeparam name="T">float or double; doubles hold the same single-precision numbers.</typeparam>
    /// <param name="seed">Names the field.</param>
    /// <param name="first">The place of the span's first number in it; a multiple of <see cref="BlockLength"/>.</param>
    /// <param name="destination">Receives the numbers.</param>
    public static void Fill<T>(long seed, int first, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(first % BlockLength, 0);
        Span<float> block = stackalloc float[BlockLength];
        for (var i = 0; i < destination.Length; i += BlockLength)
        {
            var rest = destination[i..];
            if (typeof(T) == typeof(float) && rest.Length >= BlockLength)
            {
                Block(seed, (first + i) / BlockLength, MemoryMarshal.Cast<T, float>(rest[..BlockLength]));
                continue;
            }

            Block(seed, (first + i) / BlockLength, block);
            for (var j = 0; j < Math.Min(BlockLength, rest.Length); j++)
                rest[j] = T.CreateTruncating(block[j]);
        }
    }

    /// <summary>The numbers of one block: those of the cosines, then those of the sines.</summary>
    private static void Block(long seed, int block, Span<float> numbers)
    {
        var counter = (ulong)block * Pairs + 1;
        var low = Mix(Counters(seed, counter));
        var high = Mix(Counters(seed, counter + Pairs / 2));
        var u = Vector512.ConvertToSingle(Vector512.Narrow(low >>> 32, high >>> 32));
        var v = Vector512.ConvertToSingle(Vector512.Narrow(low & Vector512.Create(0xFFFFFFFFUL), high & Vector512.Create(0xFFFFFFFFUL)));

        // u of (0, 1], so that its logarithm is finite; an angle of a whole turn is as good as none.
        u = Vector512.Min((u + Vector512<float>.One) * UnitOf32Bits, Vector512<float>.One);
        var radius = Vector512.Sqrt(SingleMath.Log(u) * -2f);
        var (sin, cos) = SingleMath.SinCosOfTurns(v * UnitOf32Bits);
        (radius * cos).CopyTo(numbers);
        (radius * sin).CopyTo(numbers[Pairs..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Counters(long seed, ulong first) =>
        Vector512.Create((ulong)seed) + (Vector512.Create(first) + Vector512<ulong>.Indices) * Golden;

    /// <summary>The finaliser of SplitMix64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Mix(Vector512<ulong> value)
    {
        value = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >>> 27)) * 0x94D049BB133111EB;
        return value ^ (value >>> 31);
    }
}
