using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Conjoint.Training.ReportData;

/// <summary>
/// The plane that shows most of a cloud of embeddings: its first two principal components. The same cloud gives the same plane:
/// each axis points to where its largest coordinate is positive.
/// </summary>
public sealed class PrincipalPlane
{
    private const int Block = 4; // Two wanted directions and two more, since the block converges by λ5/λ2 in place of λ3/λ2.
    private const int MaximumRounds = 500;
    private const double Tolerance = 1e-13;

    private PrincipalPlane(IReadOnlyList<(double X, double Y)> points, double explained) =>
        (Points, Explained) = (points, explained);

    /// <summary>The embeddings' coordinates on the plane, in order, the mean at the origin.</summary>
    public IReadOnlyList<(double X, double Y)> Points { get; }

    /// <summary>The share of the variance that lies in the plane, in [0, 1]; 0 where there is none at all.</summary>
    public double Explained { get; }

    /// <summary>Finds the plane.</summary>
    /// <param name="embeddings">[count, width], row by row; finite.</param>
    /// <param name="count">Embeddings; at least 1. Time and memory grow with its square: take a sample of at most some thousands.</param>
    /// <exception cref="ArgumentException">The array isn't count embeddings of one width, or holds a number that is not finite.</exception>
    public static PrincipalPlane Of(ReadOnlySpan<float> embeddings, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (embeddings.IsEmpty || embeddings.Length % count != 0)
            throw new ArgumentException($"{embeddings.Length} numbers are not {count} embeddings of one width.", nameof(embeddings));
        foreach (var value in embeddings)
        {
            if (!float.IsFinite(value))
                throw new ArgumentException("An embedding holds a number that is not finite.", nameof(embeddings));
        }

        var centred = Centre(embeddings, count);                          // [count, width]
        var gram = centred.TransposeAndMultiply(centred);                 // [count, count]: shares its spectrum with the covariance
        var total = gram.Trace();
        if (!(total > 0))
            return new PrincipalPlane(new (double, double)[count], 0);

        var (vectors, values) = Leading(gram);                            // [count, 2], largest first
        var x = Coordinates(vectors.Column(0), values[0]);
        var y = values.Length > 1 ? Coordinates(vectors.Column(1), values[1]) : new double[count];
        return new PrincipalPlane([.. x.Zip(y)], Math.Clamp(values.Take(2).Sum() / total, 0, 1));
    }

    private static Matrix<double> Centre(ReadOnlySpan<float> embeddings, int count)
    {
        var width = embeddings.Length / count;
        var rows = Matrix<double>.Build.Dense(count, width);
        for (var i = 0; i < embeddings.Length; i++)
            rows[i / width, i % width] = embeddings[i];
        var mean = rows.ColumnSums() / count;
        rows.MapIndexedInplace((_, column, value) => value - mean[column]);
        return rows;
    }

    /// <summary>Leading eigenvectors of a symmetric matrix: multiply a block, orthogonalise, until the two values stand still.</summary>
    private static (Matrix<double> Vectors, double[] Values) Leading(Matrix<double> matrix)
    {
        var n = matrix.RowCount;
        if (n <= Block)
            return Ritz(matrix, Matrix<double>.Build.DenseIdentity(n));

        var random = new Random(1); // A fixed start: any that is not orthogonal to the answer will do.
        var block = Matrix<double>.Build.Dense(n, Block, (_, _) => random.NextDouble() - 0.5).QR(QRMethod.Thin).Q;
        var (vectors, values) = Ritz(matrix, block);
        for (var round = 0; round < MaximumRounds; round++)
        {
            var before = values;
            (vectors, values) = Ritz(matrix, (matrix * vectors).QR(QRMethod.Thin).Q);
            if (Math.Abs(values[0] - before[0]) + Math.Abs(values[1] - before[1]) <= Tolerance * values[0])
                break;
        }

        return (vectors, values);
    }

    /// <summary>The best eigenvectors within the span of a block (Rayleigh–Ritz), largest value first.</summary>
    private static (Matrix<double> Vectors, double[] Values) Ritz(Matrix<double> matrix, Matrix<double> block)
    {
        var small = block.TransposeThisAndMultiply(matrix * block).Evd(Symmetricity.Symmetric);
        var order = Enumerable.Range(0, block.ColumnCount).OrderByDescending(k => small.EigenValues[k].Real).ToArray();
        var rotated = block * small.EigenVectors;
        return (Matrix<double>.Build.DenseOfColumnVectors(order.Select(rotated.Column)),
            [.. order.Select(k => Math.Max(small.EigenValues[k].Real, 0))]);
    }

    private static double[] Coordinates(Vector<double> vector, double value)
    {
        var sign = vector[vector.AbsoluteMaximumIndex()] < 0 ? -1 : 1;
        return [.. vector.Select(entry => entry * sign * Math.Sqrt(value))];
    }
}
