using Conjoint.Data.Augmentation;
using MathNet.Numerics.LinearAlgebra;

namespace Conjoint.Tasks.Probing;

/// <summary>
/// A linear probe: ridge regression on standardised features, with the strength of least squared error on validation samples, or, where
/// there are none, on the training part alone by cross-validation whose folds never share a group.
/// </summary>
/// <remarks>Solved over samples (n×n) or features (F×F), whichever are fewer. Deterministic.</remarks>
public sealed class RidgeRegression
{
    private const int Folds = 5;

    private readonly Standardisation _scale;
    private readonly double[][] _weights; // [C][F]
    private readonly double[] _intercepts;

    private RidgeRegression(double strength, Standardisation scale, double[][] weights, double[] intercepts) =>
        (Strength, _scale, _weights, _intercepts) = (strength, scale, weights, intercepts);

    /// <summary>The strengths that are tried; times the number of samples they go to the diagonal of the mean inner product.</summary>
    public static IReadOnlyList<double> Strengths { get; } = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10];

    /// <summary>The chosen strength.</summary>
    public double Strength { get; }

    /// <summary>Fits the probe to one target.</summary>
    /// <param name="features">[n][F].</param>
    /// <param name="targets">[n].</param>
    /// <param name="groups">[n]: samples of one group, such as a subject, are never on two sides of a fold.</param>
    /// <exception cref="ArgumentException">Lengths differ, or there are fewer than two groups.</exception>
    public static RidgeRegression Fit(IReadOnlyList<float[]> features, IReadOnlyList<double> targets, IReadOnlyList<string> groups)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return Fit(features, [.. targets.Select(t => new[] { t })], groups);
    }

    /// <summary>Fits the probe to several targets, with one strength for all.</summary>
    /// <param name="features">[n][F].</param>
    /// <param name="targets">[n][C].</param>
    /// <param name="groups">[n]: samples of one group, such as a subject, are never on two sides of a fold.</param>
    /// <param name="validation">Features [m][F] and targets [m][C] to choose the strength on; null: folds of the training samples.</param>
    /// <exception cref="ArgumentException">Lengths differ, or there are fewer than two groups to make folds of.</exception>
    public static RidgeRegression Fit(
        IReadOnlyList<float[]> features, IReadOnlyList<double[]> targets, IReadOnlyList<string> groups, (IReadOnlyList<float[]> Features, IReadOnlyList<double[]> Targets)? validation = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(groups);
        if (features.Count != targets.Count || features.Count != groups.Count)
            throw new ArgumentException($"{features.Count} samples, {targets.Count} targets, {groups.Count} groups; expected equally many.", nameof(features));

        var scale = Standardisation.Of(features);
        double[][] rows = [.. features.Select(scale.Apply)];
        var kernel = rows.Length <= rows[0].Length ? InnerProducts(rows, rows[0].Length) : null;
        int[] all = [.. Enumerable.Range(0, rows.Length)];
        // Of equal errors the stronger one.
        if (validation is { } held)
        {
            double[][] heldRows = [.. held.Features.Select(scale.Apply)];
            var fits = Strengths.Reverse().Select(s => (Strength: s, Fit: Solve(rows, kernel, targets, all, s))).ToArray();
            var (best, fit) = fits.MinBy(f => heldRows.Zip(held.Targets, (row, target) => SquaredError(f.Fit, row, target)).Sum());
            return new RidgeRegression(best, scale, fit.Weights, fit.Intercepts);
        }

        var folds = FoldsOf(groups);
        var strength = Strengths.Reverse().MinBy(s => folds.Distinct().Order().Sum(fold =>
        {
            var fit = Solve(rows, kernel, targets, [.. all.Where(i => folds[i] != fold)], s);
            return all.Where(i => folds[i] == fold).Sum(i => SquaredError(fit, rows[i], targets[i]));
        }));
        var (weights, intercepts) = Solve(rows, kernel, targets, all, strength);
        return new RidgeRegression(strength, scale, weights, intercepts);
    }

    /// <summary>The prediction of the first target for one sample.</summary>
    /// <param name="features">[F].</param>
    public double Predict(float[] features) => PredictAll(features)[0];

    /// <summary>The predictions of all targets for one sample, [C].</summary>
    /// <param name="features">[F].</param>
    public double[] PredictAll(float[] features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return Predict(_weights, _intercepts, _scale.Apply(features));
    }

    private static int[] FoldsOf(IReadOnlyList<string> groups)
    {
        string[] names = [.. groups.Distinct().Order(StringComparer.Ordinal)];
        if (names.Length < 2)
            throw new ArgumentException("A probe needs samples of at least two groups.", nameof(groups));
        RandomStream.For(0).Shuffle(names.AsSpan());
        var fold = names.Select((name, i) => (name, i)).ToDictionary(n => n.name, n => n.i % Math.Min(Folds, names.Length), StringComparer.Ordinal);
        return [.. groups.Select(g => fold[g])];
    }

    private static double SquaredError((double[][] Weights, double[] Intercepts) fit, double[] row, double[] target) =>
        Predict(fit.Weights, fit.Intercepts, row).Zip(target, (p, t) => (p - t) * (p - t)).Sum();

    private static double[] Predict(double[][] weights, double[] intercepts, double[] row) => [.. weights.Select((w, c) => intercepts[c] + InnerProduct.Of(w, row))];

    /// <summary>Products of all pairs of rows over a number, symmetric.</summary>
    private static Matrix<double> InnerProducts(double[][] rows, int divisor)
    {
        var products = Matrix<double>.Build.Dense(rows.Length, rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j <= i; j++)
                products[i, j] = products[j, i] = InnerProduct.Of(rows[i], rows[j]) / divisor;
        }

        return products;
    }

    /// <summary>w = Zᵀα/F with (ZZᵀ/F + strength·n·I) α = y − mean(y), or (ZᵀZ/F + strength·n·I) w = Zᵀ(y − mean(y))/F, which is the same.</summary>
    /// <param name="rows">Z: all standardised samples.</param>
    /// <param name="kernel">ZZᵀ/F; null: over features.</param>
    /// <param name="targets">Of all samples.</param>
    /// <param name="samples">Those to fit to.</param>
    /// <param name="strength">Of the penalty.</param>
    private static (double[][] Weights, double[] Intercepts) Solve(double[][] rows, Matrix<double>? kernel, IReadOnlyList<double[]> targets, int[] samples, double strength)
    {
        var (n, width, outputs) = (samples.Length, rows[0].Length, targets[0].Length);
        double[] intercepts = [.. Enumerable.Range(0, outputs).Select(c => samples.Average(i => targets[i][c]))];
        double[][] centred = [.. Enumerable.Range(0, outputs).Select(c => samples.Select(i => targets[i][c] - intercepts[c]).ToArray())]; // [C][n]
        if (kernel is not null)
        {
            var system = Matrix<double>.Build.Dense(n, n, (i, j) => kernel[samples[i], samples[j]] + (i == j ? strength * n : 0));
            var alpha = system.Cholesky().Solve(Matrix<double>.Build.DenseOfColumnArrays(centred)); // [n, C]
            return ([.. Enumerable.Range(0, outputs).Select(c => Combine(rows, samples, [.. alpha.Column(c)]))], intercepts);
        }

        double[][] columns = [.. Enumerable.Range(0, width).Select(j => samples.Select(i => rows[i][j]).ToArray())]; // [F][n]
        var gram = InnerProducts(columns, width);
        for (var j = 0; j < width; j++)
            gram[j, j] += strength * n;
        var right = Matrix<double>.Build.Dense(width, outputs, (j, c) => InnerProduct.Of(columns[j], centred[c]) / width);
        var solved = gram.Cholesky().Solve(right);                                   // [F, C]
        return ([.. Enumerable.Range(0, outputs).Select(c => solved.Column(c).ToArray())], intercepts);
    }

    private static double[] Combine(double[][] rows, int[] samples, double[] alpha)
    {
        var weights = new double[rows[0].Length];
        for (var i = 0; i < samples.Length; i++)
        {
            for (var j = 0; j < weights.Length; j++)
                weights[j] += alpha[i] * rows[samples[i]][j] / weights.Length;
        }

        return weights;
    }
}
