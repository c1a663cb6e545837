using Conjoint.Data.Augmentation;

namespace Conjoint.Tests.Data.Augmentation;

public sealed class NormalFieldTests
{
    private const int Draws = 1 << 20;

    [Fact]
    public void A_number_depends_on_the_seed_and_its_place_alone()
    {
        var whole = Field(5, 1000);
        for (var first = 0; first < 1000; first += NormalField.BlockLength)
        {
            var part = new float[Math.Min(71, 1000 - first)];
            NormalField.Fill<float>(5, first, part);
            Assert.Equal(whole.Skip(first).Take(part.Length), part);
        }

        var doubles = new double[1000];
        NormalField.Fill<double>(5, 0, doubles);
        Assert.Equal(whole.Select(x => (double)x), doubles);
        Assert.Equal(1000, whole.Zip(Field(6, 1000)).Count(pair => pair.First != pair.Second));
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalField.Fill<float>(5, 7, new float[8]));
    }

    /// <summary>SplitMix64 and Box–Muller in double precision, written apart from the vectors.</summary>
    [Fact]
    public void The_numbers_are_box_and_muller_s_of_splitmix()
    {
        var field = Field(-42, 4 * NormalField.BlockLength);
        for (var pair = 0; pair < field.Length / 2; pair++)
        {
            var state = unchecked((ulong)-42L) + (ulong)(pair + 1) * 0x9E3779B97F4A7C15;
            state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
            state ^= state >> 31;
            var radius = Math.Sqrt(-2 * Math.Log(((state >> 32) + 1) / 4294967296.0));
            var angle = Math.Tau * (uint)state / 4294967296.0;
            var at = pair / 16 * NormalField.BlockLength + pair % 16;
            Assert.Equal(radius * Math.Cos(angle), field[at], 2e-6);
            Assert.Equal(radius * Math.Sin(angle), field[at + 16], 2e-6);
        }
    }

    [Fact]
    public void The_numbers_have_the_moments_and_tails_of_the_distribution_and_neighbours_are_unrelated()
    {
        double[] values = [.. Field(4, Draws).Select(x => (double)x)];
        Assert.All(values, x => Assert.True(double.IsFinite(x)));
        Assert.Equal(0, values.Average(), 5 / Math.Sqrt(Draws));
        Assert.Equal(1, values.Average(x => x * x), 5 * Math.Sqrt(2.0 / Draws));
        Assert.Equal(0, values.Average(x => x * x * x), 5 * Math.Sqrt(15.0 / Draws));
        Assert.Equal(3, values.Average(x => x * x * x * x), 5 * Math.Sqrt(96.0 / Draws));
        foreach (var (limit, share) in new[] { (1, 0.31731051), (2, 0.04550026), (3, 0.00269980), (4, 0.0000633425) })
            Assert.Equal(share, values.Count(x => Math.Abs(x) > limit) / (double)Draws, 5 * Math.Sqrt(share / Draws));
        foreach (var lag in new[] { 1, 2, 16, 32, 128 })
            Assert.Equal(0, values.Zip(values.Skip(lag), (a, b) => a * b).Average(), 5 / Math.Sqrt(Draws - lag));
    }

    [Fact]
    public void The_numbers_follow_the_distribution()
    {
        double[] values = [.. Field(9, Draws).Select(x => (double)x).Order()];
        // Kolmogorov and Smirnov: below 1.95 / sqrt(n) in 999 of 1000 cases.
        var farthest = values.Select((x, i) => Math.Abs((i + 0.5) / Draws - 0.5 * MathNet.Numerics.SpecialFunctions.Erfc(-x / Math.Sqrt(2)))).Max();
        Assert.True(farthest < 1.95 / Math.Sqrt(Draws), $"the distance is {farthest}");
    }

    private static float[] Field(long seed, int count)
    {
        var values = new float[count];
        NormalField.Fill<float>(seed, 0, values);
        return values;
    }
}
