using Conjoint.Data.Augmentation;

namespace Conjoint.Benchmarks.Statistics;

/// <summary>95 % percentile intervals of a mean paired difference, by resampling seeds, draws and subjects with replacement.</summary>
/// <remarks>Davison and Hinkley, Bootstrap Methods and their Application (1997), §3.8; Owen, The pigeonhole bootstrap (2007), for the crossed form.</remarks>
public static class HierarchicalBootstrap
{
    private const long NestedStream = 0xB007, CrossedStream = 0xC805; // names of streams under one seed

    /// <summary>
    /// Levels within one another: seeds are resampled, within each of them its draws, within each of those its subjects.
    /// </summary>
    /// <remarks>Each pair gets subjects of its own, so that what all pairs have in common on one subject averages out: the narrower of the two.</remarks>
    /// <param name="differences">The pairs; the interval is NaN while there is none.</param>
    /// <param name="rounds">How often the mean is computed anew; at least 1.</param>
    /// <param name="seed">Decides the draws.</param>
    public static Interval Nested(PairedDifferences differences, int rounds, long seed)
    {
        ArgumentNullException.ThrowIfNull(differences);
        var seeds = differences.Seeds.Select(s => differences.DrawsOf(s).Select(d => differences.Find(s, d)!).ToArray()).ToArray();
        return Of(rounds, seeds.Length, RandomStream.For(seed, NestedStream), random =>
        {
            double sum = 0;
            for (var s = 0; s < seeds.Length; s++)
            {
                var draws = seeds[random.NextInt(seeds.Length)];
                double ofSeed = 0;
                for (var d = 0; d < draws.Length; d++)
                {
                    var subjects = draws[random.NextInt(draws.Length)];
                    double ofDraw = 0;
                    for (var i = 0; i < subjects.Length; i++)
                        ofDraw += subjects[random.NextInt(subjects.Length)];
                    ofSeed += ofDraw / subjects.Length;
                }

                sum += ofSeed / draws.Length;
            }

            return sum / seeds.Length;
        });
    }

    /// <summary>
    /// Levels across one another: seeds, draws and subjects are resampled once a round, for all pairs together, since all pairs share them.
    /// </summary>
    /// <param name="differences">The pairs; the interval is NaN while there is none.</param>
    /// <param name="rounds">How often the mean is computed anew; at least 1.</param>
    /// <param name="seed">Decides the draws.</param>
    public static Interval Crossed(PairedDifferences differences, int rounds, long seed)
    {
        ArgumentNullException.ThrowIfNull(differences);
        var (seeds, draws, subjects) = (differences.Seeds, differences.Draws, differences.Subjects);
        var (ofSeed, ofDraw, weights) = (new int[seeds.Count], new int[draws.Count], new int[subjects]);
        return Of(rounds, seeds.Count, RandomStream.For(seed, CrossedStream), random =>
        {
            while (true)
            {
                Fill(ofSeed, random);
                Fill(ofDraw, random);
                Array.Clear(weights);
                for (var i = 0; i < subjects; i++)
                    weights[random.NextInt(subjects)]++;

                double sum = 0;
                var pairs = 0;
                foreach (var s in ofSeed)
                {
                    foreach (var d in ofDraw)
                    {
                        if (differences.Find(seeds[s], draws[d]) is not { } pair)
                            continue;
                        pairs++;
                        for (var i = 0; i < subjects; i++)
                            sum += weights[i] * pair[i];
                    }
                }

                // While cells are missing, a round may meet none: it is drawn again.
                if (pairs > 0)
                    return sum / ((double)pairs * subjects);
            }
        });
    }

    private static void Fill(int[] chosen, RandomStream random)
    {
        for (var i = 0; i < chosen.Length; i++)
            chosen[i] = random.NextInt(chosen.Length);
    }

    private static Interval Of(int rounds, int seeds, RandomStream random, Func<RandomStream, double> mean)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        if (seeds == 0)
            return new Interval(double.NaN, double.NaN);
        var means = new double[rounds];
        for (var round = 0; round < rounds; round++)
            means[round] = mean(random);
        Array.Sort(means);
        return new Interval(Quantile(means, 0.025), Quantile(means, 0.975));
    }

    /// <summary>Linear between the two neighbours, as NumPy's default.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
