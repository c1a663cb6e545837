using Conjoint.Data.Augmentation;
using MathNet.Numerics.LinearAlgebra;

namespace Conjoint.Benchmarks.Statistics;

/// <summary>
/// A linear probe: ridge regression on standardised features, with the strength chosen on the training part alone by
/// cross-validation whose folds never share a group.
/// </summary>
/// <remarks>Solved over samples rather than features (n×n), since features are many and samples few. Deterministic.</remarks>
public sealed class RidgeRegression
{
    private const int Folds = 5;

    private readonly double[] _mean, _scale, _weights;
    private readonly double _intercept;

    private RidgeRegression(double strength, double[] mean, double[] scale, double[] weights, double intercept) =>
        (Strength, _mean, _scale, _weights, _intercept) = (strength, mean, scale, weights, intercept);

    /// <summary>The strengths that are tried; times the number of samples they go to the diagonal of the mean inner product.</summary>
    public static IReadOnlyList<double> Strengths { get; } = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10];

    /// <summary>The chosen strength.</summary>
    public double Strength { get; }

    /// <summary>Fits the probe.</summary>
    /// <param name="features">[n][F].</param>
    /// <param name="targets">[n].</param>
    /// <param name="groups">[n]: samples of one group, such as a subject, are never on two sides of a fold.</param>
    /// <exception cref="ArgumentException">Lengths differ, or there are fewer than two groups.</exception>
    public static RidgeRegression Fit(IReadOnlyList<float[]> features, IReadOnlyList<double> targets, IReadOnlyList<string> groups)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(groups);
        if (features.Count != targets.Count || features.Count != groups.Count)
            throw new ArgumentException($"{features.Count} samples, {targets.Count} targets, {groups.Count} groups; expected equally many.", nameof(features));
        string[] names = [.. groups.Distinct().Order(StringComparer.Ordinal)];
        if (names.Length < 2)
            throw new ArgumentException("A probe needs samples of at least two groups.", nameof(groups));

        var (mean, scale) = Standard(features);
        var kernel = InnerProducts([.. features.Select(f => Scaled(f, mean, scale))]);
        RandomStream.For(0).Shuffle(names.AsSpan());
        var fold = names.Select((name, i) => (name, i)).ToDictionary(n => n.name, n => n.i % Math.Min(Folds, names.Length), StringComparer.Ordinal);
        var folds = groups.Select(g => fold[g]).ToArray();
        // Of equal errors the stronger one.
        var strength = Strengths.Reverse().MinBy(s => Error(kernel, targets, folds, s));

        int[] all = [.. Enumerable.Range(0, features.Count)];
        var (alpha, intercept) = Solve(kernel, targets, all, strength);
        var weights = new double[mean.Length];
        for (var i = 0; i < all.Length; i++)
        {
            for (var j = 0; j < weights.Length; j++)
                weights[j] += alpha[i] * (features[i][j] - mean[j]) / scale[j] / weights.Length;
        }

        return new RidgeRegression(strength, mean, scale, weights, intercept);
    }

    /// <summary>The prediction for one sample.</summary>
    /// <param name="features">[F].</param>
    public double Predict(float[] features)
    {
        ArgumentNullException.ThrowIfNull(features);
        var sum = _intercept;
        for (var j = 0; j < _weights.Length; j++)
            sum += _weights[j] * (features[j] - _mean[j]) / _scale[j];
        return sum;
    }

    private static (double[] Mean, double[] Scale) Standard(IReadOnlyList<float[]> features)
    {
        var (mean, scale) = (new double[features[0].Length], new double[features[0].Length]);
        foreach (var sample in features)
        {
            for (var j = 0; j < mean.Length; j++)
                mean[j] += sample[j] / (double)features.Count;
        }

        foreach (var sample in features)
        {
            for (var j = 0; j < mean.Length; j++)
                scale[j] += (sample[j] - mean[j]) * (sample[j] - mean[j]) / features.Count;
        }

        for (var j = 0; j < scale.Length; j++)
            scale[j] = scale[j] > 1e-12 ? Math.Sqrt(scale[j]) : 1; // a feature that never changes says nothing, whatever its unit
        return (mean, scale);
    }

    private static double[] Scaled(float[] sample, double[] mean, double[] scale)
    {
        var scaled = new double[sample.Length];
        for (var j = 0; j < scaled.Length; j++)
            scaled[j] = (sample[j] - mean[j]) / scale[j];
        return scaled;
    }

    /// <summary>Mean product over features, [n, n].</summary>
    private static Matrix<double> InnerProducts(double[][] rows)
    {
        var kernel = Matrix<double>.Build.Dense(rows.Length, rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j <= i; j++)
                kernel[i, j] = kernel[j, i] = Dot(rows[i], rows[j]) / rows[i].Length;
        }

        return kernel;
    }

    private static double Dot(double[] a, double[] b)
    {
        var width = System.Numerics.Vector<double>.Count;
        var sums = System.Numerics.Vector<double>.Zero;
        var j = 0;
        for (; j <= a.Length - width; j += width)
            sums += new System.Numerics.Vector<double>(a, j) * new System.Numerics.Vector<double>(b, j);
        var sum = System.Numerics.Vector.Sum(sums);
        for (; j < a.Length; j++)
            sum += a[j] * b[j];
        return sum;
    }

    private static double Error(Matrix<double> kernel, IReadOnlyList<double> targets, int[] folds, double strength)
    {
        double error = 0;
        foreach (var fold in folds.Distinct().Order())
        {
            int[] inside = [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] != fold)];
            var (alpha, intercept) = Solve(kernel, targets, inside, strength);
            foreach (var i in Enumerable.Range(0, folds.Length).Where(i => folds[i] == fold))
            {
                var prediction = intercept;
                for (var k = 0; k < inside.Length; k++)
                    prediction += alpha[k] * kernel[i, inside[k]];
                error += (prediction - targets[i]) * (prediction - targets[i]);
            }
        }

        return error;
    }

    /// <summary>(K + strength·n·I) α = y − mean(y).</summary>
    private static (Vector<double> Alpha, double Intercept) Solve(Matrix<double> kernel, IReadOnlyList<double> targets, int[] samples, double strength)
    {
        var intercept = samples.Average(i => targets[i]);
        var system = Matrix<double>.Build.Dense(samples.Length, samples.Length, (i, j) => kernel[samples[i], samples[j]] + (i == j ? strength * samples.Length : 0));
        var right = Vector<double>.Build.Dense(samples.Length, i => targets[samples[i]] - intercept);
        return (system.Cholesky().Solve(right), intercept);
    }
}
