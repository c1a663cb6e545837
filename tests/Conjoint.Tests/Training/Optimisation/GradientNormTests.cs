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

    [Theory]
    [InlineData(null, 3)]
    [InlineData(10.0, 3)]
    [InlineData(2.5, 1.5)]
    public void The_length_is_told_and_held_below_a_bound_that_there_may_be(double? bound, float first)
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = [new(zeros(1)), new(zeros(1)), new(zeros(1))];
        (parameters[0].grad, parameters[1].grad) = (tensor(new[] { 3f }), tensor(new[] { 4f }));
        Assert.Equal(5, GradientNorm.Limit(parameters, bound), 6);
        Assert.Equal(first, parameters[0].grad!.item<float>(), 5);
    }

    [Fact]
    public void What_is_not_finite_is_told_and_left()
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = [new(zeros(1)), new(zeros(1))];
        (parameters[0].grad, parameters[1].grad) = (tensor(new[] { float.PositiveInfinity }), tensor(new[] { 4f }));
        Assert.False(double.IsFinite(GradientNorm.Limit(parameters, 1)));
        Assert.Equal(4, parameters[1].grad!.item<float>());
    }

    [Fact]
    public void Without_any_gradient_nothing_happens() => GradientNorm.Clip([], 1);
}
