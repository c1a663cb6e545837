using Conjoint.Training.Optimisation;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Conjoint.Tests.Training.Optimisation;

public sealed class LarcSgdTests : IDisposable
{
    private static readonly LarcSgdSettings s_plain = new() { Trust = 0.1, Epsilon = 0, Momentum = 0.5, WeightDecay = 0.25 };

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static Parameter Make(params double[] values) => new(tensor(values));

    private static double[] Values(Tensor tensor) => tensor.detach().data<double>().ToArray();

    [Fact]
    public void One_step_by_hand()
    {
        // ‖p‖ = 5, ‖g‖ = 10: a = 0.1·5/(10 + 0.25·5) = 2/45; v = a·(g + p/4).
        var parameter = Make(3, 4);
        using var optimiser = new LarcSgd([("w", parameter)], s_plain);
        parameter.grad = tensor(new double[] { 6, 8 });
        optimiser.Step(2);
        var a = 2.0 / 45;
        Assert.Equal(3 - 2 * a * 6.75, Values(parameter)[0], 14);
        Assert.Equal(4 - 2 * a * 9, Values(parameter)[1], 14);
        Assert.Equal(a * 6.75, Values(optimiser.StateDict()["w"])[0], 14);
    }

    [Fact]
    public void Clipping_holds_the_layer_s_rate_at_the_global_one()
    {
        // a = 0.5/0.1 = 5 and a/lr = 10 without clip; with it 1.
        var parameter = Make(5);
        using var optimiser = new LarcSgd([("w", parameter)], s_plain with { Clip = true, WeightDecay = 0 });
        parameter.grad = tensor(new double[] { 0.1 });
        optimiser.Step(0.5);
        Assert.Equal(5 - 0.5 * 0.1, Values(parameter)[0], 14);
    }

    [Fact]
    public void A_zero_parameter_takes_its_gradient_as_it_is_and_a_zero_gradient_means_no_decay()
    {
        var (zero, still) = (Make(0, 0), Make(1, 1));
        using var optimiser = new LarcSgd([("zero", zero), ("still", still)], s_plain);
        zero.grad = tensor(new double[] { 1, -2 });
        still.grad = tensor(new double[] { 0, 0 });
        optimiser.Step(0.5);
        Assert.Equal([-0.5, 1], Values(zero));
        Assert.Equal([1, 1], Values(still));
    }

    [Fact]
    public void A_parameter_without_gradient_is_passed_by_and_its_momentum_waits()
    {
        var parameter = Make(3, 4);
        using var optimiser = new LarcSgd([("w", parameter)], s_plain);
        optimiser.Step(1);
        Assert.Empty(optimiser.StateDict());

        parameter.grad = tensor(new double[] { 6, 8 });
        optimiser.Step(1);
        var (moved, velocity) = (Values(parameter), Values(optimiser.StateDict()["w"]));
        optimiser.ZeroGradients();
        optimiser.Step(1);
        Assert.Equal(moved, Values(parameter));
        Assert.Equal(velocity, Values(optimiser.StateDict()["w"]));
    }

    [Fact]
    public void A_rate_of_zero_fills_the_momentum_and_moves_nothing()
    {
        var parameter = Make(3, 4);
        using var optimiser = new LarcSgd([("w", parameter)], s_plain);
        parameter.grad = tensor(new double[] { 6, 8 });
        optimiser.Step(0);
        Assert.Equal([3, 4], Values(parameter));
        Assert.NotEqual(0, Values(optimiser.StateDict()["w"])[0]);
    }

    [Fact]
    public void A_resumed_optimiser_makes_the_same_bits()
    {
        Tensor Gradient(int step) => Noise.Normal(10 + step, 6).to(ScalarType.Float32);
        Parameter Start() => new(Noise.Normal(1, 6).to(ScalarType.Float32));

        var (whole, resumed) = (Start(), Start());
        using var first = new LarcSgd([("w", whole)], new LarcSgdSettings());
        using var before = new LarcSgd([("w", resumed)], new LarcSgdSettings());
        using var after = new LarcSgd([("w", resumed)], new LarcSgdSettings());
        for (var step = 0; step < 6; step++)
        {
            whole.grad = Gradient(step);
            first.Step(0.3);
            resumed.grad = Gradient(step);
            if (step == 3)
                after.LoadStateDict(before.StateDict());
            (step < 3 ? before : after).Step(0.3);
        }

        Assert.True(whole.Equals(resumed));
        Assert.True(first.StateDict()["w"].Equals(after.StateDict()["w"]));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var parameter = Make(3, 4);
        Assert.Throws<ArgumentException>(() => new LarcSgd([("w", parameter), ("w", parameter)], s_plain));
        Assert.Throws<ArgumentException>(() => new LarcSgd([("w", parameter)], s_plain with { Momentum = 1 }));
        using var optimiser = new LarcSgd([("w", parameter)], s_plain);
        Assert.Throws<ArgumentException>(() => optimiser.LoadStateDict(new Dictionary<string, Tensor> { ["v"] = ones(2) }));
        Assert.Throws<ArgumentException>(() => optimiser.LoadStateDict(new Dictionary<string, Tensor> { ["w"] = ones(3) }));
    }

    [Fact]
    public void Steps_leave_nothing_behind()
    {
        var parameter = Make(3, 4);
        using var optimiser = new LarcSgd([("w", parameter)], s_plain);
        LeakGuard.AssertNothingIsLeft(() =>
        {
            using var scope = NewDisposeScope();
            parameter.square().sum().backward();
            optimiser.Step(0.1);
            optimiser.ZeroGradients();
            optimiser.LoadStateDict(optimiser.StateDict());
        });
    }
}
