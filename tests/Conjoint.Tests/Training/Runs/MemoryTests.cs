using System.Diagnostics;
using Conjoint.Training;
using Conjoint.Training.Settings;
using static TorchSharp.torch;

namespace Conjoint.Tests.Training.Runs;

/// <summary>A long run needs no more memory than a short one.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class MemoryTests
{
    private const int Steps = 40;

    // Loader threads hold up to this many batches of at most four tensors that nobody has taken yet; a checkpoint is not written here.
    private const int Prefetched = 4 * 4;

    [Theory]
    [InlineData(ClusteringMethod.Swav)]
    [InlineData(ClusteringMethod.DeepClusterV2)]
    public void Tensors_do_not_pile_up_in_any_stage(ClusteringMethod method)
    {
        using var run = new SmallRun();
        var settings = SmallRun.Settings(method);
        settings = settings with
        {
            Slices = settings.Slices with { Steps = Steps },
            Masked = settings.Masked with { Steps = Steps },
            Volumes = settings.Volumes with { Steps = Steps },
        };
        var counts = new Dictionary<string, List<long>>();
        var bytes = new List<long>();
        var watcher = new Watcher();
        watcher.Stepped += step =>
        {
            // After prototypes have thawed: by then everything has its momentum.
            if (step.Step > 6)
                (counts.TryGetValue(step.Stage, out var list) ? list : counts[step.Stage] = []).Add(Tensor.TotalCount);
            if (step.Step is 10 or Steps)
                bytes.Add(Process.GetCurrentProcess().WorkingSet64);
        };
        var few = Added(() => run.Run(SmallRun.Settings(method), "short"));
        Assert.Equal(few, Added(() => run.Run(settings, "long", observer: watcher)));

        Assert.Equal(StageName.All, counts.Keys);
        Assert.All(counts, stage => Assert.InRange(stage.Value[^1], 0, stage.Value.Take(6).Max() + Prefetched));
        Assert.InRange(bytes[^1] - bytes[0], long.MinValue, 96L << 20);
    }

    [Fact]
    public void Checkpoints_give_back_what_they_copy()
    {
        using var run = new SmallRun();
        var settings = SmallRun.Settings(ClusteringMethod.DeepClusterV2);
        var without = Added(() => run.Run(settings, "without"));
        Assert.Equal(without, Added(() => run.Run(settings with { CheckpointSeconds = 1e-6 }, "with")));
    }

    /// <summary>
    /// By how many tensors TorchSharp's count is higher after an action. A net that was made and disposed leaves one a parameter:
    /// a parameter takes over the memory of the tensor that it is made from, and the count never hears of it. The memory is freed.
    /// </summary>
    private static long Added(Action act)
    {
        // What other tests have left to the collector must not go while it is counted here.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        act();
        return Tensor.TotalCount - before;
    }
}
