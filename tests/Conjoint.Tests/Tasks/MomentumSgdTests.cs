using Conjoint.Tasks.FineTuning;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Conjoint.Tests.Tasks;

public sealed class MomentumSgdTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 1e-6)]
    [InlineData(ScalarType.Float64, 1e-14)]
    public void Steps_follow_the_formula_at_each_parameters_own_rate(ScalarType type, double tolerance)
    {
        const double Decay = 0.01, Momentum = 0.9;
        using var scope = NewDisposeScope();
        double[] rates = [0.1, 0.02, 0];
        double[][] w = [[1, -2, 3], [0.5], [4]];
        double[][] g = [[0.3, 0.1, -0.2], [2], [1]];
        double[][] v = [new double[3], new double[1], new double[1]];
        Parameter[] parameters = [.. w.Select(x => new Parameter(tensor(x, dtype: type))), new Parameter(ones(2, dtype: type))];
        using var optimiser = new MomentumSgd(parameters.Select((p, i) => ($"p{i}", p)), Momentum, Decay);
        for (var i = 0; i < 3; i++)
            parameters[i].grad = tensor(g[i], dtype: type);
        for (var step = 0; step < 3; step++)
        {
            optimiser.Step(name => name == "p3" ? 1 : rates[name[1] - '0']);
            for (var i = 0; i < 2; i++)
            {
                for (var k = 0; k < w[i].Length; k++)
                {
                    v[i][k] = Momentum * v[i][k] + g[i][k] + Decay * w[i][k];
                    w[i][k] -= rates[i] * v[i][k];
                }
            }
        }

        var state = optimiser.State.ToDictionary();
        for (var i = 0; i < 3; i++)
        {
            Equal(w[i], parameters[i]);
            Equal(v[i], state[$"p{i}"]);
        }

        Equal([1, 1], parameters[3]);   // has no gradient

        void Equal(double[] expected, Tensor actual) =>
            Assert.Equal(expected, actual.detach().to(float64).data<double>().ToArray(), (a, b) => Math.Abs(a - b) <= tolerance);
    }
}
