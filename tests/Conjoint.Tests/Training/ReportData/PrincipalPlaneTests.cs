using Conjoint.Training.ReportData;
using MathNet.Numerics.LinearAlgebra;

namespace Conjoint.Tests.Training.ReportData;

public sealed class PrincipalPlaneTests
{
    [Theory]
    [InlineData(2, 5, 1)]
    [InlineData(3, 2, 2)]
    [InlineData(40, 7, 3)]
    [InlineData(60, 200, 4)]
    public void Agrees_with_a_full_singular_value_decomposition(int count, int width, int seed)
    {
        var random = new Random(seed);
        var data = Enumerable.Range(0, count * width).Select(i => (float)((random.NextDouble() - 0.3) * (1 + (3.0 / (1 + (i % width)))))).ToArray();
        var plane = PrincipalPlane.Of(data, count);

        var rows = Matrix<double>.Build.Dense(count, width, (i, j) => data[(i * width) + j]);
        var centred = rows - Matrix<double>.Build.DenseOfRowVectors(Enumerable.Repeat(rows.ColumnSums() / count, count));
        var svd = centred.Svd();
        var total = svd.S.DotProduct(svd.S);
        var two = svd.S.Take(2).Sum(s => s * s);
        Assert.Equal(two / total, plane.Explained, 1e-6);
        AssertSameUpToSign(svd.U.Column(0) * svd.S[0], plane.Points.Select(point => point.X));
        if (svd.S.Count > 1)
            AssertSameUpToSign(svd.U.Column(1) * svd.S[1], plane.Points.Select(point => point.Y));
    }

    [Fact]
    public void Points_on_a_line_keep_their_distances()
    {
        float[] data = [0, 0, 0, 3, 4, 0, 6, 8, 0, 9, 12, 0, 12, 16, 0];
        var plane = PrincipalPlane.Of(data, 5);
        Assert.Equal(1, plane.Explained, 1e-9);
        Assert.All(plane.Points, point => Assert.Equal(0, point.Y, 1e-5));
        for (var i = 1; i < 5; i++)
            Assert.Equal(5, Math.Abs(plane.Points[i].X - plane.Points[i - 1].X), 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Equal_embeddings_lie_at_the_origin(int count)
    {
        var plane = PrincipalPlane.Of(Enumerable.Repeat(0.5f, count * 3).ToArray(), count);
        Assert.Equal(count, plane.Points.Count);
        Assert.All(plane.Points, point => Assert.Equal((0, 0), point));
        Assert.Equal(0, plane.Explained);
    }

    [Fact]
    public void The_largest_coordinate_of_each_axis_is_positive()
    {
        var random = new Random(7);
        var plane = PrincipalPlane.Of(Enumerable.Range(0, 300).Select(_ => (float)random.NextDouble()).ToArray(), 30);
        Assert.True(plane.Points.MaxBy(point => Math.Abs(point.X)).X > 0);
        Assert.True(plane.Points.MaxBy(point => Math.Abs(point.Y)).Y > 0);
    }

    [Fact]
    public void Arrays_that_are_no_embeddings_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PrincipalPlane.Of(new float[7], 2));
        Assert.Throws<ArgumentException>(() => PrincipalPlane.Of([1, float.NaN], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => PrincipalPlane.Of([1], 0));
    }

    private static void AssertSameUpToSign(Vector<double> expected, IEnumerable<double> actual)
    {
        var values = Vector<double>.Build.DenseOfEnumerable(actual);
        var error = Math.Min((expected - values).L2Norm(), (expected + values).L2Norm());
        Assert.True(error < 1e-4 * (1 + expected.L2Norm()), $"off by {error}");
    }
}
