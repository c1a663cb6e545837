using Conjoint.Objectives;
using Conjoint.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Objectives;

public sealed class SwappedPredictionTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static SwappedPrediction Make(CodeAssignment codes = CodeAssignment.PerCrop) => new(new SwavSettings { Codes = codes }, SingleProcess.Instance);

    private static Tensor[][] OneHead(params Tensor[] crops) => [.. crops.Select(c => new[] { c })];

    [Theory]
    [InlineData(CodeAssignment.PerCrop)]
    [InlineData(CodeAssignment.Joint)]
    public void Equal_scores_cost_the_logarithm_of_the_number_of_prototypes(CodeAssignment codes)
    {
        var scores = zeros(6, 11, dtype: ScalarType.Float64);
        var (loss, q) = Make(codes).Loss(OneHead(scores, scores));
        Assert.Equal(Math.Log(11), loss.item<double>(), 12);
        Assert.Equal([2, 6, 11], q.Single().shape);
    }

    [Theory]
    [InlineData(CodeAssignment.PerCrop)]
    [InlineData(CodeAssignment.Joint)]
    public void The_loss_is_symmetric_in_its_views(CodeAssignment codes)
    {
        var (s, t) = (Noise.Uniform(1, -1, 1, 8, 5), Noise.Uniform(2, -1, 1, 8, 5));
        var objective = Make(codes);
        Assert.Equal(objective.Loss(OneHead(s, t)).Loss.item<double>(), objective.Loss(OneHead(t, s)).Loss.item<double>(), 12);
    }

    [Fact]
    public void Per_crop_codes_are_each_crop_s_own_and_joint_ones_are_one_solution()
    {
        var (s, t) = (Noise.Uniform(3, -1, 1, 8, 5), Noise.Uniform(4, -1, 1, 8, 5));
        var sinkhorn = new SinkhornKnopp(new SinkhornSettings(), SingleProcess.Instance);
        Assert.True(Make().Loss(OneHead(s, t)).Codes[0][1].Equals(sinkhorn.Codes(t)));
        Assert.True(Make(CodeAssignment.Joint).Loss(OneHead(s, t)).Codes[0].reshape(16, 5).Equals(sinkhorn.Codes(cat([s, t], 0))));
    }

    [Fact]
    public void No_gradient_goes_through_the_codes()
    {
        // With the codes held fixed the loss is Eq. (4); its gradient must be that of the whole.
        var s = Noise.Uniform(5, -1, 1, 4, 3).requires_grad_();
        var t = Noise.Uniform(6, -1, 1, 4, 3);
        var (loss, codes) = Make().Loss(OneHead(s, t));
        loss.backward();
        var fixedCodes = codes[0].detach();
        var expected = ((s.detach() / 0.1).softmax(1) - fixedCodes[1]) / (0.1 * 4 * 2);
        Assert.True(allclose(s.grad!, expected, rtol: 0, atol: 1e-12));
    }

    [Fact]
    public void A_queue_takes_part_in_the_codes_and_is_forgotten()
    {
        var (s, t, earlier) = (Noise.Uniform(7, -1, 1, 4, 6), Noise.Uniform(8, -1, 1, 4, 6), Noise.Uniform(9, -1, 1, 10, 6));
        var (_, codes) = Make().Loss(OneHead(s, t), OneHead(earlier, earlier));
        var expected = new SinkhornKnopp(new SinkhornSettings(), SingleProcess.Instance).Codes(cat([earlier, s], 0)).narrow(0, 10, 4);
        Assert.Equal([2, 4, 6], codes[0].shape);
        Assert.True(codes[0][0].Equals(expected));
    }

    [Theory]
    [InlineData(0, new[] { 8, 8, 8, 8 })]
    [InlineData(1, new[] { 8, 8, 8, 8 })]
    [InlineData(4, new[] { 2, 4, 6, 8, 8 })]
    [InlineData(3, new[] { 3, 6, 8, 8 })]
    public void The_queue_s_share_grows_over_the_ramp_once_it_is_full(int steps, int[] rows)
    {
        using var queue = new EmbeddingQueue(1, 8, 2);
        for (var batch = 0; batch < 4; batch++)
        {
            Assert.Equal(0, queue.RowsInUse(steps));
            queue.Push([full([2, 2], batch)]);
        }

        // A run that stops in the ramp goes on where it was.
        using var resumed = new EmbeddingQueue(1, 8, 2);
        for (var batch = 0; batch < rows.Length; batch++)
        {
            Assert.Equal((batch, rows[batch]), ((int)queue.Age, queue.RowsInUse(steps)));
            Assert.Equal([rows[batch], 2], queue.Rows(0, rows[batch]).shape);
            Assert.Equal(3 + batch, queue.Rows(0, rows[batch])[0, 0].item<float>());            // the newest take part first
            resumed.LoadStateDict(queue.StateDict());
            Assert.Equal(rows[batch], resumed.RowsInUse(steps));
            queue.Push([full([2, 2], 4 + batch)]);
        }
    }

    [Theory]
    [InlineData(CodeAssignment.PerCrop)]
    [InlineData(CodeAssignment.Joint)]
    public void Any_crops_can_be_the_assigned_ones(CodeAssignment codes)
    {
        // Five crops, of which 3 and 1 have codes: every other crop predicts them, by plain loops.
        var crops = Enumerable.Range(0, 5).Select(i => Noise.Uniform(20 + i, -1, 1, 4, 3)).ToArray();
        var objective = new SwappedPrediction(new SwavSettings { Codes = codes, AssignedCrops = [3, 1] }, SingleProcess.Instance);
        var (loss, q) = objective.Loss(OneHead(crops));
        var sinkhorn = new SinkhornKnopp(new SinkhornSettings(), SingleProcess.Instance);
        var expectedCodes = codes == CodeAssignment.Joint ? sinkhorn.Codes(cat([crops[3], crops[1]], 0)).chunk(2, 0) : [sinkhorn.Codes(crops[3]), sinkhorn.Codes(crops[1])];
        var terms = new List<double>();
        for (var a = 0; a < 2; a++)
        {
            Assert.True(allclose(q[0][a], expectedCodes[a], rtol: 0, atol: 1e-12));
            foreach (var v in Enumerable.Range(0, 5).Where(v => v != (a == 0 ? 3 : 1)))
                terms.Add(-(expectedCodes[a] * (crops[v] / 0.1).log_softmax(1)).sum(1).mean().item<double>());
        }

        Assert.Equal(8, terms.Count);
        Assert.Equal(terms.Average(), loss.item<double>(), 12);
        Assert.Throws<ArgumentException>(() => new SwappedPrediction(new SwavSettings { AssignedCrops = [5] }, SingleProcess.Instance).Loss(OneHead(crops)));
    }

    [Fact]
    public void The_gradient_equals_central_differences_of_the_fit()
    {
        var targets = tensor(new long[] { 0, 2, -100, 1 });
        var scores = Noise.Uniform(10, -1, 1, 4, 3);
        CentralDifferences.AssertGradient(x => new ClusterPrediction(0.1).Loss(OneHead(x, scores), [targets]), scores);
    }

    [Fact]
    public void Impossible_batches_and_settings_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Make().Loss(OneHead(ones(3, 2))));
        Assert.Throws<ArgumentException>(() => Make().Loss(OneHead(ones(3, 2), ones(4, 2))));
        Assert.Throws<ArgumentException>(() => Make().Loss([[ones(3, 2)], [ones(3, 2), ones(3, 2)]]));
        Assert.Throws<ArgumentException>(() => Make().Loss(OneHead(ones(3, 2), ones(3, 2)), OneHead(ones(3, 2))));
        Assert.Throws<ArgumentException>(() => new SwappedPrediction(new SwavSettings { Temperature = 0 }, SingleProcess.Instance));
        Assert.Throws<ArgumentException>(() => new SwappedPrediction(new SwavSettings { AssignedCrops = [0, 0] }, SingleProcess.Instance));
    }

    [Fact]
    public void Only_results_are_left()
    {
        var (s, t) = (Noise.Uniform(11, -1, 1, 4, 6).requires_grad_(), Noise.Uniform(12, -1, 1, 4, 6));
        foreach (var codes in Enum.GetValues<CodeAssignment>())
        {
            LeakGuard.AssertOnlyResults(() =>
            {
                var (loss, q) = Make(codes).Loss([[s, t], [t, s], [t, t]], [[t, t], [t, t]]);
                return [loss, .. q];
            });
        }
    }

    [Fact]
    public void The_queue_is_full_before_it_is_used_and_keeps_the_newest_first()
    {
        using var queue = new EmbeddingQueue(2, 5, 3);
        Tensor Batch(float value) => full([2, 3], value);

        queue.Push([Batch(1), Batch(-1)]);
        queue.Push([Batch(2), Batch(-2)]);
        Assert.False(queue.IsFull);
        queue.Push([Batch(3), Batch(-3)]);
        Assert.True(queue.IsFull);
        Assert.Equal([3, 3, 2, 2, 1], queue.Rows(0).select(1, 0).data<float>().ToArray());
        Assert.Equal([-3, -3, -2, -2, -1], queue.Rows(1).select(1, 2).data<float>().ToArray());

        queue.Push([arange(21, dtype: ScalarType.Float32).reshape(7, 3), ones(7, 3)]);
        Assert.Equal([0, 3, 6, 9, 12], queue.Rows(0).select(1, 0).data<float>().ToArray());
        Assert.Throws<ArgumentException>(() => queue.Push([Batch(1)]));
    }

    [Fact]
    public void A_queue_s_state_comes_back_bit_for_bit()
    {
        using var queue = new EmbeddingQueue(2, 5, 3, ScalarType.Float64);
        queue.Push([Noise.Normal(1, 4, 3), Noise.Normal(2, 4, 3)]);
        using var other = new EmbeddingQueue(2, 5, 3, ScalarType.Float64);
        other.LoadStateDict(queue.StateDict());
        Assert.Equal(queue.IsFull, other.IsFull);
        Assert.True(queue.Rows(0).Equals(other.Rows(0)) && queue.Rows(1).Equals(other.Rows(1)));
        queue.Push([Noise.Normal(3, 1, 3), Noise.Normal(4, 1, 3)]);
        other.Push([Noise.Normal(3, 1, 3), Noise.Normal(4, 1, 3)]);
        Assert.True(other.IsFull && queue.Rows(0).Equals(other.Rows(0)));

        using var wrong = new EmbeddingQueue(2, 6, 3, ScalarType.Float64);
        Assert.Throws<ArgumentException>(() => wrong.LoadStateDict(queue.StateDict()));
        Assert.Throws<ArgumentException>(() => wrong.LoadStateDict(new Dictionary<string, Tensor>()));
        var batch = ones(2, 3, dtype: ScalarType.Float64);
        LeakGuard.AssertOnlyResults(() =>
        {
            queue.Push([batch, batch]);
            var state = queue.StateDict();
            other.LoadStateDict(state);
            return state.Values;
        });
    }
}
