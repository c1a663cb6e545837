using Conjoint.Benchmarks.Statistics;
using FsCheck.Xunit;

namespace Conjoint.Tests.Benchmarks;

public class BootstrapTests
{
    [Fact]
    public void Equal_differences_have_an_interval_without_width()
    {
        var differences = Of(2, 3, (_, _, _) => 0.25, subjects: 4);
        Assert.Equal(0.25, differences.Mean);
        Assert.Equal(new Interval(0.25, 0.25), HierarchicalBootstrap.Nested(differences, 50, 1));
        Assert.Equal(new Interval(0.25, 0.25), HierarchicalBootstrap.Crossed(differences, 50, 1));
    }

    /// <summary>Two seeds that say −1 and +1: their mean is −1, 0 or +1, with chances ¼, ½, ¼, so that both ends lie at the edges.</summary>
    [Fact]
    public void Two_seeds_that_disagree_reach_from_one_to_the_other()
    {
        var differences = Of(2, 1, (seed, _, _) => 2 * seed - 1, subjects: 3);
        Assert.Equal(new Interval(-1, 1), HierarchicalBootstrap.Nested(differences, 1000, 7));
        Assert.Equal(new Interval(-1, 1), HierarchicalBootstrap.Crossed(differences, 1000, 7));
    }

    /// <summary>One seed, one draw: the plain bootstrap of a mean, whose 95 % interval is about ± 1.96·σ/√n.</summary>
    [Fact]
    public void One_pair_is_the_plain_bootstrap_of_a_mean()
    {
        const int n = 400;
        var differences = Of(1, 1, (_, _, subject) => subject % 2 == 0 ? 1 : -1, subjects: n);
        foreach (var interval in new[] { HierarchicalBootstrap.Nested(differences, 4000, 3), HierarchicalBootstrap.Crossed(differences, 4000, 3) })
        {
            Assert.Equal(-1.96 / Math.Sqrt(n), interval.Low, 0.012);
            Assert.Equal(1.96 / Math.Sqrt(n), interval.High, 0.012);
        }
    }

    /// <summary>
    /// What every pair has in common on a subject: within one another it averages out over the 30 pairs (σ/√(30·n)), across one another it
    /// doesn't (σ/√n), since it is the same 16 subjects every time.
    /// </summary>
    [Fact]
    public void Shared_subjects_count_once_when_levels_are_crossed()
    {
        const int n = 16;
        var differences = Of(3, 10, (_, _, subject) => subject % 2 == 0 ? 1 : -1, subjects: n);
        Assert.Equal(1.96 / Math.Sqrt(30 * n), HierarchicalBootstrap.Nested(differences, 4000, 5).High, 0.012);
        Assert.Equal(1.96 / Math.Sqrt(n), HierarchicalBootstrap.Crossed(differences, 4000, 5).High, 0.05);
    }

    [Property(MaxTest = 30)]
    public bool The_interval_lies_between_the_extremes_and_moves_with_the_numbers(int seed)
    {
        var random = new Random(seed);
        var values = new double[2, 3, 4];
        for (var i = 0; i < values.Length; i++)
            values[i / 12, i / 4 % 3, i % 4] = random.Next(-100, 100) / 100.0;
        var (plain, moved) = (Of(2, 3, (s, d, i) => values[s, d, i], 4), Of(2, 3, (s, d, i) => values[s, d, i] + 5, 4));
        var numbers = values.Cast<double>().ToList();
        return new Func<PairedDifferences, Interval>[] { d => HierarchicalBootstrap.Nested(d, 100, seed), d => HierarchicalBootstrap.Crossed(d, 100, seed) }.All(interval =>
        {
            var (a, b) = (interval(plain), interval(moved));
            return a == interval(plain) && a.Low >= numbers.Min() - 1e-9 && a.High <= numbers.Max() + 1e-9 && a.Low <= a.High
                && Math.Abs(b.Low - a.Low - 5) < 1e-9 && Math.Abs(b.High - a.High - 5) < 1e-9;
        });
    }

    [Fact]
    public void Missing_pairs_are_left_out_and_no_pair_gives_no_interval()
    {
        var differences = new PairedDifferences();
        Assert.True(double.IsNaN(differences.Mean));
        Assert.True(double.IsNaN(HierarchicalBootstrap.Nested(differences, 10, 1).Low));
        Assert.True(double.IsNaN(HierarchicalBootstrap.Crossed(differences, 10, 1).High));
        differences.Add(0, 0, [1, 1]);
        differences.Add(0, 1, [3, 3]);
        differences.Add(1, 1, [2, 2]);
        Assert.Equal(2, differences.Mean);
        Assert.Equal(new Interval(1, 3), HierarchicalBootstrap.Crossed(differences, 2000, 1));
        Assert.Equal((2, 2, 3, 2), (differences.Seeds.Count, differences.Draws.Count, differences.Count, differences.Subjects));
    }

    [Fact]
    public void Pairs_that_do_not_fit_are_refused()
    {
        var differences = new PairedDifferences();
        differences.Add(0, 0, [1, 2]);
        Assert.Throws<ArgumentException>(() => differences.Add(0, 1, [1]));
        Assert.Throws<ArgumentException>(() => differences.Add(0, 0, [1, 2]));
        Assert.Throws<ArgumentException>(() => differences.Add(0, 2, [1, double.NaN]));
    }

    private static PairedDifferences Of(int seeds, int draws, Func<int, int, int, double> value, int subjects)
    {
        var differences = new PairedDifferences();
        for (var seed = 0; seed < seeds; seed++)
        {
            for (var draw = 0; draw < draws; draw++)
                differences.Add(seed, draw, [.. Enumerable.Range(0, subjects).Select(i => value(seed, draw, i))]);
        }

        return differences;
    }
}
