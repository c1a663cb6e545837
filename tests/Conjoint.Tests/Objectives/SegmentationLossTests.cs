using Conjoint.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Objectives;

public sealed class SegmentationLossTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Undecided_scores_by_hand()
    {
        // Two classes at one half each; three pixels of class 0, one of class 1.
        var logits = zeros(1, 2, 2, 2, dtype: ScalarType.Float64);
        var truth = tensor(new long[] { 0, 0, 0, 1 }).reshape(1, 2, 2);
        Assert.Equal(Math.Log(2), SegmentationLoss.CrossEntropy(logits, truth).item<double>(), 12);
        const double smoothing = 1e-6;
        var dice = ((2 * 1.5 + smoothing) / (2 + 3 + smoothing) + (2 * 0.5 + smoothing) / (2 + 1 + smoothing)) / 2;
        Assert.Equal(1 - dice, SegmentationLoss.Dice(logits, truth).item<double>(), 12);
        Assert.Equal(Math.Log(2) + 1 - dice, SegmentationLoss.Loss(logits, truth).item<double>(), 12);
    }

    [Fact]
    public void A_perfect_segmentation_costs_nothing_even_with_an_absent_class()
    {
        var truth = tensor(new long[] { 0, 1, 1, 0 }).reshape(1, 2, 2);
        var logits = nn.functional.one_hot(truth, 3).permute(0, 3, 1, 2).to(ScalarType.Float64) * 2000 - 1000;
        Assert.Equal(0, SegmentationLoss.Loss(logits, truth).item<double>(), 9);
    }

    [Fact]
    public void The_gradient_equals_central_differences()
    {
        var truth = tensor(new long[] { 0, 2, 2, 0, 2, 0 }).reshape(1, 2, 3);
        CentralDifferences.AssertGradient(x => SegmentationLoss.Loss(x, truth), Noise.Normal(1, 1, 3, 2, 3));
    }

    [Fact]
    public void Wrong_shapes_are_refused_and_only_results_are_left()
    {
        var (logits, truth) = (zeros(1, 3, 2, 2), zeros(1, 2, 2, dtype: ScalarType.Int64));
        Assert.Throws<ArgumentException>(() => SegmentationLoss.Loss(logits, zeros(1, 2, 3, dtype: ScalarType.Int64)));
        Assert.Throws<ArgumentException>(() => SegmentationLoss.Loss(logits[0], truth));
        LeakGuard.AssertOnlyResults(() => [SegmentationLoss.Loss(logits, truth)]);
    }
}
