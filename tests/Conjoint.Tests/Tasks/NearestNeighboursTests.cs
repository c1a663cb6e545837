using Conjoint.Tasks.Probing;
using FsCheck.Xunit;

namespace Conjoint.Tests.Tasks;

public sealed class NearestNeighboursTests
{
    private static readonly double[] s_yes = [0, 1], s_no = [1, 0];

    // Mean 0 and deviation 1 in both features, so that standardising changes nothing: the directions are 45°, 135°, −135° and −45°.
    private static readonly float[][] s_square = [[1, 1], [-1, 1], [-1, -1], [1, -1]];

    // Asked at 90°: cosines √½, √½, −√½, −√½. The first two vote alike; with all four, the far ones weigh e^(−2√½/0.07) of the near ones.
    [Fact]
    public void Votes_are_weighted_by_the_exponential_of_the_cosine()
    {
        double[][] targets = [s_yes, s_no, s_no, s_no];
        Assert.Equal([0.5, 0.5], Probe(s_square, targets, 2).PredictAll([0, 3]));
        Assert.Equal([0.0, 1.0], Probe(s_square, targets, 1).PredictAll([0, 3])); // of equal cosines the first
        var far = Math.Exp(-2 * Math.Sqrt(0.5) / 0.07);
        Assert.Equal(1 / (2 + 2 * far), Probe(s_square, targets, 4).PredictAll([0, 3])[1], 12);
        Assert.Equal(Probe(s_square, targets, 4).PredictAll([0, 3]), Probe(s_square, targets, 100).PredictAll([0, 3]));
    }

    /// <summary>One feature leaves two directions, and the last bits of a cosine of 1 depend on the length: the order of the samples decides, not they.</summary>
    [Fact]
    public void Rounding_decides_between_no_samples_of_one_direction()
    {
        var random = new Random(3);
        float[][] features = [.. Enumerable.Range(0, 40).Select(i => { var size = (float)((i % 2 == 0 ? 1 : -1) * (0.1 + random.NextDouble())); return new[] { size, size * 3, size * 7 }; })];
        double[][] targets = [.. Enumerable.Range(0, 40).Select(i => new double[] { i })];
        Assert.Equal(0, Probe(features, targets, 1).PredictAll([1, 3, 7])[0]);
        Assert.Equal(2, Probe(features, targets, 3).PredictAll([0.3f, 0.9f, 2.1f])[0], 9); // the mean of 0, 2 and 4
    }

    [Fact]
    public void Numbers_are_the_weighted_mean_of_the_neighbours() =>
        Assert.Equal(5, Probe(s_square, [[4], [6], [100], [100]], 2).PredictAll([0, 3])[0], 12);

    [Fact]
    public void A_sample_without_a_direction_hears_all_alike() => Assert.Equal(2.5, Probe(s_square, [[1], [2], [3], [4]], 4).PredictAll([0, 0])[0], 12);

    /// <summary>Two samples of a subject say the same; only neighbours of other subjects may vote when k is chosen.</summary>
    [Fact]
    public void A_subject_does_not_vote_about_itself()
    {
        float[][] features = [[1, 1], [1.1f, 1], [-1, 1], [-1.1f, 1], [1, -1], [1.1f, -1], [-1, -1], [-1.1f, -1]];
        double[][] targets = [[0], [0], [1], [1], [1], [1], [0], [0]];
        string[] pairs = ["a", "a", "b", "b", "c", "c", "d", "d"], apart = ["a", "b", "c", "d", "e", "f", "g", "h"];
        Assert.Equal(1, NearestNeighbours.Fit(features, targets, apart, [1, 8], null).Neighbours);  // its twin tells all
        Assert.Equal(8, NearestNeighbours.Fit(features, targets, pairs, [1, 8], null).Neighbours);  // a neighbour tells the contrary
    }

    [Fact]
    public void K_is_chosen_where_it_is_told_to()
    {
        float[][] features = [[1, 1], [1.1f, 1], [1, 1.1f], [-1, -1], [-1.1f, -1], [-1, -1.1f]];
        double[][] targets = [[1], [0], [1], [0], [0], [0]];
        string[] subjects = ["a", "b", "c", "d", "e", "f"];
        (IReadOnlyList<float[]>, IReadOnlyList<double[]>) validation = ([[1.1f, 1]], [[0.0]]);
        Assert.Equal(1, NearestNeighbours.Fit(features, targets, subjects, [1, 3], validation).Neighbours);
        validation = ([[1.1f, 1]], [[1.0]]);
        Assert.Equal(3, NearestNeighbours.Fit(features, targets, subjects, [1, 3], validation).Neighbours);
    }

    /// <summary>The shares of the votes are shares, and neither a feature's unit nor its zero matters.</summary>
    [Property]
    public void Units_do_not_matter_and_shares_add_up(int seed, byte k)
    {
        var random = new Random(seed);
        float[][] features = [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, 3).Select(_ => (float)random.Next(-8, 9)).ToArray())];
        double[][] targets = [.. Enumerable.Range(0, 12).Select(i => Enumerable.Range(0, 3).Select(c => c == i % 3 ? 1.0 : 0).ToArray())];
        float[] asked = [random.Next(-8, 9), random.Next(-8, 9), random.Next(-8, 9)];
        float[] Other(float[] f) => [f[0] * 4 + 32, f[1] / 2, f[2] - 8];
        var all = 1 + k % 12;
        var told = Probe(features, targets, 12).PredictAll(asked);
        Assert.Equal(1, Probe(features, targets, all).PredictAll(asked).Sum(), 9);
        Assert.Equal(told, Probe([.. features.Select(Other)], targets, 12).PredictAll(Other(asked)), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    private static NearestNeighbours Probe(float[][] features, double[][] targets, int k) =>
        NearestNeighbours.Fit(features, targets, [.. features.Select((_, i) => $"s{i}")], [k], null);
}
