using Conjoint.Data;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Training.Settings;
using Conjoint.Training.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Training.Stages;

/// <summary>Two passes in chunks, against one pass over the whole batch.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class ChunkedEncoderTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static TheoryData<ClusteringMethod, int> Cases => new()
    {
        { ClusteringMethod.Swav, 2 }, { ClusteringMethod.Swav, 3 }, { ClusteringMethod.Swav, 7 }, { ClusteringMethod.Swav, 1000 }, { ClusteringMethod.DeepClusterV2, 5 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Stage_slices_has_loss_and_gradients_of_the_whole_batch(ClusteringMethod method, int chunk)
    {
        using var whole = new MadeUpStages(method);
        using var parts = new MadeUpStages(method, s => s with { Slices = s.Slices with { Chunk = chunk } });
        using SlicesStage one = whole.Slices(), two = parts.Slices();
        using SliceBatch batch = whole.SliceBatch(6), same = parts.SliceBatch(6);
        Targets(one, batch);
        Targets(two, same);
        MadeUpStages.AssertSame(MadeUpStages.Learn(one, batch), MadeUpStages.Learn(two, same), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Stage_volumes_with_and_without_the_2D_term_has_loss_and_gradients_of_the_whole_batch(ClusteringMethod method, int chunk)
    {
        foreach (var weight in (double[])[0, 0.5])
        {
            PretrainSettings Weighted(PretrainSettings s) => s with { Volumes = s.Volumes with { SliceTerm = new SliceTermSettings { Weight = weight, SlicesPerVolume = 2 } } };
            using var whole = new MadeUpStages(method, Weighted);
            using var parts = new MadeUpStages(method, s => Weighted(s) is var w ? w with { Volumes = w.Volumes with { Chunk = chunk } } : s);
            using VolumesStage one = whole.Volumes(), two = parts.Volumes();
            using VolumeBatch batch = whole.VolumeBatch(5, 3), same = parts.VolumeBatch(5, 3);
            Targets(one, batch);
            Targets(two, same);
            MadeUpStages.AssertSame(MadeUpStages.Learn(one, batch), MadeUpStages.Learn(two, same), 1e-9);
        }
    }

    [Fact]
    public void Stage_masked_has_loss_and_gradients_of_the_whole_batch()
    {
        using var whole = new MadeUpStages(ClusteringMethod.Swav);
        using var parts = new MadeUpStages(ClusteringMethod.Swav, s => s with { Masked = s.Masked with { Chunk = 3 } });
        using MaskedStage one = whole.Masked(), two = parts.Masked();
        using VolumeBatch batch = whole.VolumeBatch(5, 2), same = parts.VolumeBatch(5, 2);
        MadeUpStages.AssertSame(MadeUpStages.Learn(one, batch), MadeUpStages.Learn(two, same), 1e-9);
    }

    [Theory]
    [InlineData(null, 9, new long[] { 9 })]
    [InlineData(20, 9, new long[] { 9 })]
    [InlineData(4, 9, new long[] { 3, 3, 3 })]
    [InlineData(4, 10, new long[] { 4, 3, 3 })]
    [InlineData(2, 5, new long[] { 3, 2 })]
    [InlineData(2, 3, new long[] { 3 })]
    [InlineData(2, 1, new long[] { 1 })]
    public void Chunks_are_even_and_none_is_of_a_single_slice(int? chunk, int slices, long[] sizes)
    {
        var seen = new List<long>();
        using var encoder = new ChunkedEncoder(nn.Linear(1, 1), chunk, CPU);
        var features = encoder.Encode(ones(slices, 1), part =>
        {
            seen.Add(part.shape[0]);
            return part * 2;
        });
        Assert.Equal(sizes, seen);
        Assert.Equal([slices, 1], features.shape);
    }

    [Fact]
    public void Running_statistics_are_updated_once()
    {
        manual_seed(3);
        using var net = new SliceEncoder(new SliceEncoderSettings { BaseWidth = 4, Blocks = [1, 1, 1, 1] });
        using var twin = new SliceEncoder(net.Settings);
        twin.load_state_dict(net.state_dict());
        net.train();
        twin.train();
        var slices = rand(6, 1, 32, 32);
        using var chunks = new ChunkedEncoder(net, 3, CPU);
        chunks.Encode(slices, net.Pooled).sum().backward();
        chunks.Backward(() => Autocast.Enter(Precision.Fp32, CPU));

        // As if each chunk were a batch of its own, once.
        foreach (var part in slices.split(3, 0))
            twin.Pooled(part).sum().backward();
        foreach (var (name, expected) in twin.state_dict())
            Assert.True(net.state_dict()[name].allclose(expected, rtol: 1e-6, atol: 1e-7), name);
        Assert.Equal(2, net.state_dict()["bn1.num_batches_tracked"].item<long>());
        Assert.All(net.named_parameters(), p => Assert.True(p.parameter.grad!.allclose(twin.get_parameter(p.name)!.grad!, rtol: 1e-4, atol: 1e-5), p.name));
    }

    [Fact]
    public void Nothing_is_left_of_a_step_whether_or_not_its_second_pass_comes()
    {
        using var net = nn.Linear(3, 2);
        using var chunks = new ChunkedEncoder(net, 2, CPU);
        var slices = rand(5, 3);
        void Step(bool second)
        {
            using var scope = NewDisposeScope();
            chunks.Forget();
            chunks.Encode(slices, net.forward).sum().backward();
            if (second)
                chunks.Backward(() => Autocast.Enter(Precision.Fp32, CPU));
        }

        Step(second: true);
        LeakGuard.AssertNothingIsLeft(() =>
        {
            Step(second: false);
            Step(second: true);
        });
        Assert.Equal(full_like(net.weight!.grad!, 0).shape, net.weight!.grad!.shape);
    }

    [Fact]
    public void The_pass_before_training_keeps_nothing_for_a_second_one()
    {
        using var net = nn.Linear(3, 2);
        using var chunks = new ChunkedEncoder(net, 2, CPU);
        using (no_grad())
            Assert.False(chunks.Encode(rand(6, 3), net.forward).requires_grad);
        chunks.Backward(() => throw new InvalidOperationException("there is no second pass"));
    }

    /// <summary>DeepCluster-v2 has nothing to predict before a first pass.</summary>
    private static void Targets<TBatch>(PretrainingStage<TBatch> stage, TBatch batch)
        where TBatch : IDisposable
    {
        if (!stage.NeedsFirstPass)
            return;
        using (no_grad())
            stage.FirstPass(batch, new BatchPosition(0, 0, 0));
        stage.BeginEpoch(0);
        foreach (var (_, net) in stage.Nets)
            net.to(ScalarType.Float64);
    }
}
