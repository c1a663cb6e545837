using Conjoint.Training.Optimisation;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Conjoint.Tests.Training.Optimisation;

public class GradientNormTests
{
    [Theory]
    [InlineData(2.5, 0.5)]
    [InlineData(10, 1)]
    public void All_gradients_shrink_alike_and_only_above_the_bound(double bound, double factor)
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = [new(zeros(1, dtype: ScalarType.Float64)), new(zeros(2, dtype: ScalarType.Float64)), new(zeros(1))];
        parameters[0].grad = tensor(new double[] { 3 });
        parameters[1].grad = tensor(new double[] { 0, 4 });                                 // together of length 5
        GradientNorm.Clip(parameters, bound);
        Assert.Equal(3 * factor, parameters[0].grad!.item<double>(), 5);
        Assert.Equal(4 * factor, parameters[1].grad![1].item<double>(), 5);
        Assert.Null(parameters[2].grad);
    }

    [Fact]
    public void Without_any_gradient_nothing_happens() => GradientNorm.Clip([], 1);
}
