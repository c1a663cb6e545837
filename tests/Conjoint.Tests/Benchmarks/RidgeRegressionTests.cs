using Conjoint.Benchmarks.Statistics;

namespace Conjoint.Tests.Benchmarks;

public class RidgeRegressionTests
{
    [Fact]
    public void A_linear_rule_is_found_and_told_for_new_samples()
    {
        var random = new Random(1);
        float[][] features = [.. Enumerable.Range(0, 60).Select(_ => new[] { (float)random.NextDouble() * 100, (float)random.NextDouble(), 7f })];
        double[] targets = [.. features.Select(Rule)];
        var probe = RidgeRegression.Fit(features, targets, [.. Enumerable.Range(0, 60).Select(i => $"s{i % 10}")]);
        Assert.Equal(RidgeRegression.Strengths[0], probe.Strength);
        Assert.Equal(Rule([30, 0.5f, 7]), probe.Predict([30, 0.5f, 7]), 0.01);

        static double Rule(float[] f) => 0.02 * f[0] - 3 * f[1] + 1;
    }

    /// <summary>Against the closed form over features: w = (XᵀX/F + λ·n·I·…)⁻¹Xᵀy worked out by hand for one feature.</summary>
    [Fact]
    public void One_feature_gives_the_closed_form()
    {
        // Standardised x is −1, +1 twice: k = x·x' and α = (K + λnI)⁻¹y gives w = Σxy / (Σx² + λn) = 8 / (4 + 4λ).
        float[][] features = [[2], [4], [2], [4]];
        double[] targets = [-1, 3, -1, 3];
        var probe = RidgeRegression.Fit(features, targets, ["a", "b", "c", "d"]);
        var slope = 8 / (4 + 4 * probe.Strength);
        Assert.Equal(1 + slope, probe.Predict([4]), 9);
        Assert.Equal(1 - slope, probe.Predict([2]), 9);
    }

    /// <summary>Every group has a feature of its own that tells its target; only folds that keep groups together see that it helps no other group.</summary>
    [Fact]
    public void Groups_stay_together_when_the_strength_is_chosen()
    {
        var random = new Random(4);
        var targets = Enumerable.Range(0, 12).Select(_ => random.NextDouble()).ToArray();
        var samples = Enumerable.Range(0, 12).SelectMany(g => Enumerable.Range(0, 4).Select(_ => g)).ToList();
        float[][] features = [.. samples.Select(g => Enumerable.Range(0, 12).Select(j => j == g ? 1f : 0f).ToArray())];
        double[] y = [.. samples.Select(g => targets[g])];
        var together = RidgeRegression.Fit(features, y, [.. samples.Select(g => $"g{g}")]);
        var apart = RidgeRegression.Fit(features, y, [.. samples.Select((_, i) => $"s{i}")]);
        Assert.True(together.Strength > apart.Strength, $"{together.Strength} {apart.Strength}");
    }

    [Fact]
    public void The_same_samples_give_the_same_bits()
    {
        var random = new Random(2);
        float[][] features = [.. Enumerable.Range(0, 20).Select(_ => Enumerable.Range(0, 50).Select(_ => (float)random.NextDouble()).ToArray())];
        double[] targets = [.. features.Select(f => (double)f[3])];
        string[] groups = [.. Enumerable.Range(0, 20).Select(i => $"{i}")];
        Assert.Equal(RidgeRegression.Fit(features, targets, groups).Predict(features[0]), RidgeRegression.Fit(features, targets, groups).Predict(features[0]));
        Assert.Throws<ArgumentException>(() => RidgeRegression.Fit(features, targets, [.. groups.Select(_ => "one")]));
    }
}
