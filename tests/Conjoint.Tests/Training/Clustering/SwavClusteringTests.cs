using Conjoint.Objectives;
using Conjoint.Runtime;
using Conjoint.Training.Clustering;
using Conjoint.Training.Settings;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Training.Clustering;

/// <summary>When queue and prototypes come into play, and in which number format scores are.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class SwavClusteringTests : IDisposable
{
    private const int Width = 6, StepsPerEpoch = 4;

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static SwavClustering Make(PrototypeSettings settings, params int[] assigned)
    {
        manual_seed(1);
        return new SwavClustering(new ClusteringSettings(), settings, settings.Counts, Width, assigned, StepsPerEpoch, CPU, SingleProcess.Instance);
    }

    private static Tensor[] Batch(long step, int crops = 2) => [.. Enumerable.Range(0, crops).Select(c => Noise.UnitRows((int)step * 10 + c, 4, Width).to(ScalarType.Float32))];

    [Theory]
    [InlineData(0, 0, 2)]      // two batches of four fill eight rows
    [InlineData(0, 3, 5)]
    [InlineData(1, 3, 6)]      // the later of epoch and step
    public void The_queue_is_filled_from_its_start_on_and_used_once_full(int startEpoch, int startStep, int firstUse)
    {
        var settings = new PrototypeSettings { Counts = [3], QueueLength = 8, QueueStartEpoch = startEpoch, QueueStartStep = startStep };
        using var with = Make(settings, 0, 1);
        using var without = Make(settings with { QueueLength = 0 }, 0, 1);
        for (var step = 0L; step < firstUse + 2; step++)
        {
            var same = with.Step(Batch(step), [0, 1, 2, 3], step, 0).Loss.item<float>() == without.Step(Batch(step), [0, 1, 2, 3], step, 0).Loss.item<float>();
            Assert.Equal((step, step < firstUse), (step, same));
        }
    }

    [Fact]
    public void On_the_ramp_the_newest_embeddings_come_first()
    {
        using var clustering = Make(new PrototypeSettings { Counts = [3], QueueLength = 8, QueueStartEpoch = 0, QueueRampSteps = 2 }, 0, 1);
        var objective = new SwappedPrediction(new SwavSettings(), SingleProcess.Instance);
        for (var step = 0L; step < 5; step++)
        {
            // Half of the queue at the first use: the last batch alone; then the last two.
            long[] earlier = step switch { < 2 => [], 2 => [step - 1], _ => [step - 1, step - 2] };
            var batch = Batch(step);
            var queue = earlier.Length == 0 ? null
                : Enumerable.Range(0, 2).Select(a => clustering.Prototypes.forward(cat([.. earlier.Select(e => Batch(e)[a])], 0))).ToList();
            var expected = objective.Loss([.. batch.Select(z => clustering.Prototypes.forward(z))], queue).Loss.item<float>();
            Assert.Equal(expected, clustering.Step(batch, [0, 1, 2, 3], step, 0).Loss.item<float>(), 1e-6f);
        }
    }

    [Fact]
    public void Any_crops_are_assigned_and_queued()
    {
        using var clustering = Make(new PrototypeSettings { Counts = [3, 2], QueueLength = 4, QueueStartEpoch = 0 }, 3, 1);
        var objective = new SwappedPrediction(new SwavSettings { AssignedCrops = [3, 1] }, SingleProcess.Instance);
        clustering.Step(Batch(0, crops: 5), [0, 1, 2, 3], 0, 0);
        var batch = Batch(1, crops: 5);
        List<IReadOnlyList<Tensor>> queue = [clustering.Prototypes.forward(Batch(0, 5)[3]), clustering.Prototypes.forward(Batch(0, 5)[1])];
        var expected = objective.Loss([.. batch.Select(z => clustering.Prototypes.forward(z))], queue).Loss.item<float>();
        var step = clustering.Step(batch, [0, 1, 2, 3], 1, 0);
        Assert.Equal(expected, step.Loss.item<float>(), 1e-6f);
        Assert.Equal([3L, 2L], step.Usage.Select(u => u.shape[0]));
    }

    [Theory]
    [InlineData(3, 0, 3)]
    [InlineData(0, 2, 8)]
    [InlineData(9, 2, 9)]      // the longer of steps and epochs
    [InlineData(0, 0, 0)]
    public void Prototypes_have_no_gradient_in_the_first_steps(int steps, int epochs, int frozen)
    {
        using var clustering = Make(new PrototypeSettings { Counts = [3], FreezeSteps = steps, FreezeEpochs = epochs }, 0, 1);
        for (var step = 0L; step < 12; step++)
        {
            clustering.Step(Batch(step), [0, 1, 2, 3], step, 0).Loss.backward();
            clustering.AfterBackward(step);
            Assert.Equal((step, step < frozen), (step, clustering.Prototypes.parameters().All(p => p.grad is null)));
        }
    }

    [Fact]
    public void In_bf16_regions_scores_codes_and_losses_keep_32_bits()
    {
        using var clustering = Make(new PrototypeSettings { Counts = [3], QueueLength = 4, QueueStartEpoch = 0 }, 0, 1);
        using var twin = Make(new PrototypeSettings { Counts = [3], QueueLength = 4, QueueStartEpoch = 0 }, 0, 1);
        for (var step = 0L; step < 3; step++)
        {
            var expected = twin.Step(Batch(step), [0, 1, 2, 3], step, 0);
            ClusterStep found;
            using (Autocast.Enter(Precision.Bf16, CPU))
                found = clustering.Step(Batch(step), [0, 1, 2, 3], step, 0);
            Assert.Equal(expected.Loss.item<float>(), found.Loss.item<float>());
            Assert.True(found.Usage[0].Equals(expected.Usage[0]));
        }
    }
}
