using Conjoint.Nets;
using static TorchSharp.torch;

namespace Conjoint.Tests.Nets;

public sealed class LinearInterpolationTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void At_whole_positions_a_row_is_itself()
    {
        var rows = Noise.Normal(1, 2, 3, 5, 4);
        var positions = arange(5, dtype: ScalarType.Float64).expand(2, 3, 5);
        Assert.True(LinearInterpolation.SampleRows(rows, positions).Equals(rows));
    }

    [Fact]
    public void Between_two_rows_lies_their_mixture()
    {
        var rows = tensor(new double[] { 10, 20, 40 }).reshape(1, 1, 3, 1);
        var positions = tensor(new double[] { 0.25, 1.5, 2 }).reshape(1, 1, 3);
        Assert.Equal([12.5, 30, 40], LinearInterpolation.SampleRows(rows, positions).reshape(-1).data<double>().ToArray());
    }

    [Fact]
    public void The_table_fades_to_zero_beyond_its_ends()
    {
        var table = tensor(new double[] { 1, 2, 4, 10, 20, 40 }).reshape(2, 3);
        var indices = tensor(new double[] { -3, -0.5, 0, 0.5, 2, 2.25, 9 }).reshape(1, 1, 7).expand(1, 2, 7);
        double[] expected = [0, 0.5, 1, 1.5, 4, 3, 0];
        var sampled = LinearInterpolation.SampleTable(table, indices).reshape(-1).data<double>().ToArray();
        Assert.Equal([.. expected, .. expected.Select(x => 10 * x)], sampled);
    }

    [Fact]
    public void Gradients_equal_central_differences()
    {
        var rows = Noise.Normal(2, 1, 2, 5, 3);
        var positions = Noise.Uniform(3, 0.1, 3.9, 1, 2, 4);
        var weights = Noise.Normal(4, 1, 2, 4, 3);
        CentralDifferences.AssertGradient(x => (LinearInterpolation.SampleRows(x, positions) * weights).sum(), rows);
        CentralDifferences.AssertGradient(x => (LinearInterpolation.SampleRows(rows, x) * weights).sum(), positions);

        var table = Noise.Normal(5, 2, 7);
        var indices = Noise.Uniform(6, -1.5, 7.5, 1, 2, 4, 3);
        var tableWeights = Noise.Normal(7, 1, 2, 4, 3);
        CentralDifferences.AssertGradient(x => (LinearInterpolation.SampleTable(x, indices) * tableWeights).sum(), table);
        CentralDifferences.AssertGradient(x => (LinearInterpolation.SampleTable(table, x) * tableWeights).sum(), indices);
    }
}
