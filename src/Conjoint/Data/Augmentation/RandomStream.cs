using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Conjoint.Data.Augmentation;

/// <summary>
/// A small seedable source of random numbers (xoshiro256** of Blackman and Vigna, 2018): its bits are the same on every machine and
/// in every version of the runtime. A stream is named by a seed and a path (stage, epoch, sample, …), so that what is drawn for a sample
/// depends neither on the order nor on the number of workers. Not thread-safe: give each sample its own stream.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "The field's word for a named sequence of random numbers; no System.IO.Stream.")]
public sealed class RandomStream
{
    private ulong _s0, _s1, _s2, _s3;

    private RandomStream(ulong hash)
    {
        _s0 = NextSplitMix(ref hash);
        _s1 = NextSplitMix(ref hash);
        _s2 = NextSplitMix(ref hash);
        _s3 = NextSplitMix(ref hash);
    }

    /// <summary>The stream of that seed and path. Equal arguments give equal streams; paths of different length or order differ.</summary>
    public static RandomStream For(long seed, params ReadOnlySpan<long> path)
    {
        var hash = Mix((ulong)seed + Golden);
        foreach (var step in path)
        {
            // The factor tells the way so far from the step: without it, swapping two numbers would give the same stream.
            hash = Mix(hash * PathFactor + Mix((ulong)step + Golden));
        }

        return new RandomStream(hash);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number of [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1L << 53));

    /// <summary>A number of [minimum, maximum); the minimum when both are equal.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is below the minimum.</exception>
    public double Uniform(double minimum, double maximum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, minimum);
        return minimum + (maximum - minimum) * NextDouble();
    }

    /// <summary>True with the given probability; a draw is spent at 0 and at 1 too.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>A whole number of [0, count), each equally likely.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public int NextInt(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        // Lemire's method: the high word of a product is the result; the few low words that would favour some results are refused.
        var product = (NextBits() >> 32) * (ulong)count;
        if ((uint)product < (uint)count)
        {
            var refused = (uint)(-count) % (uint)count;
            while ((uint)product < refused)
            {
                product = (NextBits() >> 32) * (ulong)count;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>A draw from the standard normal distribution.</summary>
    public double Normal() => NormalZiggurat.Draw(this);

    /// <summary>Puts the items into a random order, each order equally likely (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = NextInt(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    /// <summary>The numbers 0 … count - 1 in random order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public int[] Permutation(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }

        Shuffle(order.AsSpan());
        return order;
    }

    private const ulong Golden = 0x9E3779B97F4A7C15; // 2^64 divided by the golden ratio
    private const ulong PathFactor = 0xD1342543DE82EF95; // a good multiplier of Steele and Vigna (2021)

    private static ulong NextSplitMix(ref ulong state) => Mix(state += Golden);

    /// <summary>The finaliser of SplitMix64: every bit of the input reaches every bit of the output.</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
