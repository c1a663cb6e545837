using Conjoint.Tasks.Probing;

namespace Conjoint.Tests.Tasks;

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

    /// <summary>With more samples than features the features' system is solved; zeros for features make the samples' system of the same thing.</summary>
    [Fact]
    public void Solved_over_features_or_over_samples_it_is_the_same()
    {
        var random = new Random(6);
        float[][] few = [.. Enumerable.Range(0, 30).Select(_ => Enumerable.Range(0, 4).Select(_ => (float)random.NextDouble()).ToArray())];
        double[][] targets = [.. few.Select(f => new[] { f[0] - f[1] + 0.1 * random.NextDouble(), f[2] * f[3] })];
        string[] groups = [.. few.Select((_, i) => $"s{i}")];
        float[][] many = [.. few.Select(f => f.Concat(new float[396]).ToArray())];
        var (over, under) = (RidgeRegression.Fit(few, targets, groups, ([few[0]], [targets[0]])), RidgeRegression.Fit(many, targets, groups, ([many[0]], [targets[0]])));
        Assert.Equal(2, over.PredictAll(few[1]).Length);
        // The penalty is strength · n · F.
        Assert.Equal(Direct(few, targets, over.Strength * 30 * 4, few[1]), over.PredictAll(few[1]), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(Direct(few, targets, under.Strength * 30 * 400, few[1]), under.PredictAll(many[1]), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    /// <summary>Textbook ridge regression on standardised features: (ZᵀZ + λI) w = Zᵀ(y − ȳ), by Gaussian elimination.</summary>
    private static double[] Direct(float[][] features, double[][] targets, double penalty, float[] asked)
    {
        var (n, width) = (features.Length, features[0].Length);
        double[] mean = [.. Enumerable.Range(0, width).Select(j => features.Average(f => (double)f[j]))];
        double[] std = [.. Enumerable.Range(0, width).Select(j => Math.Sqrt(features.Average(f => (f[j] - mean[j]) * (f[j] - mean[j]))))];
        double[][] z = [.. features.Select(f => Enumerable.Range(0, width).Select(j => (f[j] - mean[j]) / std[j]).ToArray())];
        return [.. Enumerable.Range(0, targets[0].Length).Select(c =>
        {
            var centre = targets.Average(t => t[c]);
            var system = new double[width, width + 1];
            for (var a = 0; a < width; a++)
            {
                for (var b = 0; b < width; b++)
                    system[a, b] = z.Sum(r => r[a] * r[b]) + (a == b ? penalty : 0);
                system[a, width] = Enumerable.Range(0, n).Sum(i => z[i][a] * (targets[i][c] - centre));
            }

            for (var p = 0; p < width; p++)
            {
                for (var r = 0; r < width; r++)
                {
                    var factor = r == p ? 0 : system[r, p] / system[p, p];
                    for (var k = p; k <= width; k++)
                        system[r, k] -= factor * system[p, k];
                }
            }

            return centre + Enumerable.Range(0, width).Sum(j => system[j, width] / system[j, j] * (asked[j] - mean[j]) / std[j]);
        })];
    }

    /// <summary>One pure noise feature: a validation that follows it wants a weak penalty, one that doesn't a strong one.</summary>
    [Fact]
    public void The_strength_is_the_best_on_the_validation_samples()
    {
        var random = new Random(8);
        float[][] features = [.. Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 20).Select(_ => (float)random.NextDouble()).ToArray())];
        double[][] targets = [.. Enumerable.Range(0, 8).Select(_ => new[] { random.NextDouble() })];
        string[] groups = [.. features.Select((_, i) => $"s{i}")];
        var mean = targets.Average(t => t[0]);
        Assert.Equal(RidgeRegression.Strengths[0], RidgeRegression.Fit(features, targets, groups, (features, targets)).Strength);
        Assert.Equal(RidgeRegression.Strengths[^1], RidgeRegression.Fit(features, targets, groups, (features, [.. targets.Select(_ => new[] { mean })])).Strength);
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
