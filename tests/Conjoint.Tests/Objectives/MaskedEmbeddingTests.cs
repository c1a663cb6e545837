using Conjoint.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Objectives;

public sealed class MaskedEmbeddingTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    [InlineData(15, 2)]
    [InlineData(25, 2)]
    [InlineData(35, 4)]
    [InlineData(64, 6)]
    public void A_tenth_of_the_slices_is_hidden_ties_to_even(long slices, int hidden) => Assert.Equal(hidden, MaskedEmbedding.MaskedCount(slices, 0.1));

    [Fact]
    public void Only_slices_are_drawn_and_the_numbers_decide_which()
    {
        long[] lengths = [1, 30, 12];
        var mask = MaskedEmbedding.Draw(lengths, 0.1, new Random(3).Next, paddedLength: 32);
        Assert.Equal([3, 32], mask.shape);
        Assert.Equal([1, 3, 1], mask.sum(1).data<long>().ToArray());
        Assert.False(mask[2].narrow(0, 12, 20).any().item<bool>());
        Assert.True(mask.Equals(MaskedEmbedding.Draw(lengths, 0.1, new Random(3).Next, paddedLength: 32)));
        Assert.False(mask.Equals(MaskedEmbedding.Draw(lengths, 0.1, new Random(4).Next, paddedLength: 32)));
        Assert.Throws<ArgumentException>(() => MaskedEmbedding.Draw([5], 0.1, _ => 0, paddedLength: 4));
        Assert.Throws<ArgumentException>(() => MaskedEmbedding.Draw([0], 0.1, _ => 0));
    }

    [Fact]
    public void Every_slice_is_hidden_equally_often()
    {
        var random = new Random(5);
        var counts = zeros(10, dtype: ScalarType.Int64);
        for (var i = 0; i < 2000; i++)
            counts += MaskedEmbedding.Draw([10], 0.3, random.Next)[0].to(ScalarType.Int64);
        Assert.All(counts.data<long>().ToArray(), c => Assert.InRange(c, 500, 700));
    }

    [Fact]
    public void The_loss_is_the_sum_of_distances_averaged_over_volumes()
    {
        // Hidden errors of length 5 and 13 in the first volume, 2 in the second; the visible one counts for nothing.
        var target = zeros(2, 2, 2, dtype: ScalarType.Float64);
        var prediction = tensor(new double[] { 3, 4, 5, 12, 0, 2, 100, 100 }).reshape(2, 2, 2);
        var mask = tensor(new[] { true, true, true, false }).reshape(2, 2);
        Assert.Equal([18, 2], MaskedEmbedding.PerVolume(target, prediction, mask).data<double>().ToArray());
        Assert.Equal(10, MaskedEmbedding.Loss(target, prediction, mask).item<double>());
    }

    [Fact]
    public void The_gradient_is_finite_at_zero_distance_and_untouched_by_padding()
    {
        var target = Noise.Normal(1, 1, 3, 4);
        target[0, 2] = double.NaN;
        var prediction = target.clone();
        prediction[0, 1] += 1;
        prediction.requires_grad_();
        var mask = tensor(new[] { true, true, false }).reshape(1, 3);
        var loss = MaskedEmbedding.Loss(target, prediction, mask);
        loss.backward();
        Assert.Equal(2, loss.item<double>(), 12);
        Assert.Equal([0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0], prediction.grad!.reshape(-1).data<double>().ToArray().Select(g => Math.Round(g, 12)));
    }

    [Fact]
    public void The_target_has_no_gradient_and_wrong_shapes_are_refused()
    {
        var target = Noise.Normal(2, 2, 3, 4).requires_grad_();
        var mask = ones(2, 3, dtype: ScalarType.Bool);
        MaskedEmbedding.Loss(target, Noise.Normal(3, 2, 3, 4).requires_grad_(), mask).backward();
        Assert.Null(target.grad);
        Assert.Throws<ArgumentException>(() => MaskedEmbedding.Loss(target, Noise.Normal(3, 2, 3, 5), mask));
        Assert.Throws<ArgumentException>(() => MaskedEmbedding.Loss(target, target, mask.to(ScalarType.Float64)));
        var prediction = Noise.Normal(3, 2, 3, 4);
        LeakGuard.AssertOnlyResults(() => [MaskedEmbedding.Loss(target, prediction, mask), MaskedEmbedding.Draw([3, 2], 0.1, _ => 0)]);
    }

    [Fact]
    public void The_gradient_equals_central_differences()
    {
        var target = Noise.Normal(4, 2, 3, 2);
        var mask = tensor(new[] { true, false, true, false, true, false }).reshape(2, 3);
        CentralDifferences.AssertGradient(p => MaskedEmbedding.Loss(target, p, mask), Noise.Normal(5, 2, 3, 2));
    }

    [Fact]
    public void The_released_loss_is_a_mean_over_everything_by_one_slice_less_than_are_hidden()
    {
        using var scope = NewDisposeScope();
        var target = zeros(1, 2, 2);
        var prediction = tensor(new float[] { 1, 0, 0, 3 }).reshape(1, 2, 2);
        Assert.Equal((1 + 9) / 4.0 / 6, MaskedEmbedding.ReleasedLoss(target, prediction, 6).item<float>(), 6);
        Assert.Equal((7, 6), (MaskedEmbedding.ReleasedMaskedCount(64, 0.1), MaskedEmbedding.ReleasedDivisor(64, 0.1)));
        Assert.Equal((1, 1), (MaskedEmbedding.ReleasedMaskedCount(3, 0.1), MaskedEmbedding.ReleasedDivisor(3, 0.1)));
        Assert.Throws<ArgumentException>(() => MaskedEmbedding.ReleasedLoss(target, prediction, 0));

        using var mask = MaskedEmbedding.Draw([64, 64], 0.1, n => n - 1, count: MaskedEmbedding.ReleasedMaskedCount);
        Assert.Equal([7, 7], mask.sum(1).data<long>().ToArray());
    }
}
