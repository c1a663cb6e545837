using Conjoint.Data.Augmentation;
using FsCheck.Xunit;

namespace Conjoint.Tests.Data.Augmentation;

public sealed class RandomStreamTests
{
    private const int Draws = 400_000;

    [Fact]
    public void The_first_bits_stay_the_same_in_every_version()
    {
        var random = RandomStream.For(42, 1, 2, 3);

        // Worked out apart, from the published definitions of SplitMix64 and xoshiro256**; a run must be repeatable for years.
        ulong[] expected = [0x6C4E4BDE2CB9A17E, 0xDCADBEE004C4C3FC, 0x79BF0706634A0C1C];
        Assert.All(expected, bits => Assert.Equal(bits, random.NextBits()));
    }

    [Property]
    public void Equal_seed_and_path_give_equal_draws(long seed, long step)
    {
        var (a, b) = (RandomStream.For(seed, step), RandomStream.For(seed, step));

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(a.Normal(), b.Normal());
        }
    }

    [Fact]
    public void Seed_order_and_length_of_the_path_all_count()
    {
        var firsts = new[]
        {
            RandomStream.For(1), RandomStream.For(2), RandomStream.For(1, 0), RandomStream.For(1, 0, 0), RandomStream.For(1, 1), RandomStream.For(2, 1),
            RandomStream.For(1, 2), RandomStream.For(1, 1, 2), RandomStream.For(1, 2, 1), RandomStream.For(0), RandomStream.For(-1), RandomStream.For(1, -1),
        }.Select(random => random.NextBits());

        Assert.Equal(12, firsts.Distinct().Count());
    }

    [Fact]
    public void Streams_of_neighbouring_samples_are_unrelated()
    {
        // The first draws of the streams of samples 0, 1, 2, … must look like draws of one stream.
        var firsts = Enumerable.Range(0, 20_000).Select(sample => RandomStream.For(7, 0, 3, sample).NextDouble()).ToArray();
        var lag = firsts.Zip(firsts.Skip(1), (a, b) => (a - 0.5) * (b - 0.5)).Average();

        Assert.Equal(0.5, firsts.Average(), 5 * Math.Sqrt(1 / 12.0 / firsts.Length));
        Assert.Equal(0, lag, 5 / 12.0 / Math.Sqrt(firsts.Length));
    }

    [Fact]
    public void Uniform_draws_have_the_mean_and_variance_of_the_distribution()
    {
        var random = RandomStream.For(3);
        var values = Enumerable.Range(0, Draws).Select(_ => random.Uniform(-2, 4)).ToArray();

        Assert.All(values, value => Assert.InRange(value, -2, 4));
        Assert.Equal(1, values.Average(), 5 * Math.Sqrt(3.0 / Draws));
        Assert.Equal(3, values.Average(value => (value - 1) * (value - 1)), 0.03);
    }

    [Fact]
    public void Normal_draws_have_the_moments_and_tails_of_the_distribution()
    {
        var random = RandomStream.For(4);
        var values = new double[Draws];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.Normal();

        Assert.Equal(0, values.Average(), 5 / Math.Sqrt(Draws));
        Assert.Equal(1, values.Average(x => x * x), 5 * Math.Sqrt(2.0 / Draws));
        Assert.Equal(0, values.Average(x => x * x * x), 5 * Math.Sqrt(15.0 / Draws));
        Assert.Equal(3, values.Average(x => x * x * x * x), 5 * Math.Sqrt(96.0 / Draws));
        // Beyond the shares known for 1, 2, 3 and 3.7 standard deviations; the last lies in the tail below all layers.
        foreach (var (limit, share) in new[] { (1, 0.31731051), (2, 0.04550026), (3, 0.00269980), (3.7, 0.00021560) })
        {
            Assert.Equal(share, values.Count(x => Math.Abs(x) > limit) / (double)Draws, 5 * Math.Sqrt(share / Draws));
        }
    }

    [Fact]
    public void Normal_draws_follow_the_distribution_across_all_layers()
    {
        var random = RandomStream.For(5);
        var values = new double[Draws];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.Normal();
        Array.Sort(values);

        // Kolmogorov and Smirnov: below 1.95 / sqrt(n) in 999 of 1000 cases.
        var farthest = values.Select((x, i) => Math.Abs((i + 0.5) / Draws - 0.5 * MathNet.Numerics.SpecialFunctions.Erfc(-x / Math.Sqrt(2)))).Max();

        Assert.True(farthest < 1.95 / Math.Sqrt(Draws), $"the distance is {farthest}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public void Each_whole_number_is_equally_likely(int count)
    {
        var random = RandomStream.For(8);
        var seen = new int[count];
        for (var i = 0; i < Draws; i++)
        {
            seen[random.NextInt(count)]++;
        }

        var expected = Draws / (double)count;
        Assert.All(seen, times => Assert.Equal(expected, times, 5 * Math.Sqrt(expected)));
    }

    [Fact]
    public void Whole_numbers_reach_the_greatest_count()
    {
        var random = RandomStream.For(9);
        var largest = Enumerable.Range(0, 1000).Max(_ => random.NextInt(int.MaxValue));

        Assert.InRange(largest, int.MaxValue / 100 * 98, int.MaxValue - 1);
    }

    [Property]
    public void A_permutation_holds_each_number_once(long seed, byte count)
    {
        var order = RandomStream.For(seed).Permutation(count);

        Assert.Equal(Enumerable.Range(0, count), order.Order());
    }

    [Fact]
    public void Each_permutation_is_equally_likely()
    {
        var random = RandomStream.For(10);
        var seen = Enumerable.Range(0, 24_000).Select(_ => string.Concat(random.Permutation(4))).CountBy(order => order).ToArray();

        Assert.Equal(24, seen.Length);
        Assert.All(seen, pair => Assert.Equal(1000, pair.Value, 5 * Math.Sqrt(1000)));
    }

    [Fact]
    public void Impossible_ranges_are_refused()
    {
        var random = RandomStream.For(0);

        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Uniform(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Permutation(-1));
    }
}
