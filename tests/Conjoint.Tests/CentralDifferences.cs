using static TorchSharp.torch;

namespace Conjoint.Tests;

/// <summary>Gradients by central differences, in float64.</summary>
internal static class CentralDifferences
{
    /// <summary>Holds the gradient of a scalar function against differences, for every element of an input.</summary>
    public static void AssertGradient(Func<Tensor, Tensor> function, Tensor at, double step = 1e-6, double tolerance = 1e-6)
    {
        using var scope = NewDisposeScope();
        var x = at.detach().to(ScalarType.Float64).clone().requires_grad_();
        function(x).backward();
        var analytic = x.grad!.reshape(-1).data<double>().ToArray();
        var values = x.detach().reshape(-1).data<double>().ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            double At(double shift)
            {
                using var inner = NewDisposeScope();
                using var noGradient = no_grad();
                var moved = (double[])values.Clone();
                moved[i] += shift;
                return function(tensor(moved, at.shape, ScalarType.Float64)).item<double>();
            }

            var numeric = (At(step) - At(-step)) / (2 * step);
            Assert.True(Math.Abs(numeric - analytic[i]) <= tolerance * Math.Max(1, Math.Abs(numeric)), $"element {i}: gradient {analytic[i]}, differences {numeric}");
        }
    }
}
