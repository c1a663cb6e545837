using Conjoint.Runtime;
using Conjoint.Training.Monitoring;
using Conjoint.Training.Settings;
using TorchSharp;

namespace Conjoint.Tests.Training.Runs;

/// <summary>What changes no bit, and what does.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class SameBitsTests : IDisposable
{
    private readonly SmallRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(ClusteringMethod.Swav)]
    [InlineData(ClusteringMethod.DeepClusterV2)]
    public void The_same_seed_gives_the_same_bits_whatever_was_drawn_before(ClusteringMethod method)
    {
        var settings = SmallRun.Settings(method);
        var first = _run.Run(settings, "first");
        torch.manual_seed(99);
        SmallRun.AssertSame(first, _run.Run(settings, "second"));
        Assert.NotEqual(File.ReadAllBytes(first.Weights), File.ReadAllBytes(_run.Run(settings with { Seed = 6 }, "third").Weights));
    }

    [Theory]
    [InlineData(ClusteringMethod.Swav)]
    [InlineData(ClusteringMethod.DeepClusterV2)]
    public void The_number_of_loader_threads_changes_no_bit(ClusteringMethod method)
    {
        var settings = SmallRun.Settings(method);
        SmallRun.AssertSame(_run.Run(settings with { LoaderWorkers = 1 }, "one"), _run.Run(settings with { LoaderWorkers = 2 }, "two"));
    }

    [Fact]
    public void Auto_is_32_bits_on_the_processor()
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        SmallRun.AssertSame(_run.Run(settings, "fp32"), _run.Run(settings, "auto", r => r with { Precision = Precision.Auto }));
    }

    [Theory]
    [InlineData(ClusteringMethod.Swav)]
    [InlineData(ClusteringMethod.DeepClusterV2)]
    public void Bf16_gives_finite_losses_near_those_of_32_bits_and_weights_of_32(ClusteringMethod method)
    {
        var settings = SmallRun.Settings(method);
        var full = MetricsReader.Read(_run.Run(settings, "fp32").Metrics);
        var run = _run.Run(settings, "bf16", r => r with { Precision = Precision.Bf16 });
        var half = MetricsReader.Read(run.Metrics);
        Assert.All(half, l => Assert.True(double.IsFinite(l.Number("loss")!.Value)));
        Assert.Equal(full[0].Number("loss")!.Value, half[0].Number("loss")!.Value, 0.1);
        Assert.NotEqual(full[0].Number("loss"), half[0].Number("loss"));
        using var weights = Safetensors.Read(run.Weights);
        Assert.All(weights.Tensors, t => Assert.True(t.Value.dtype is torch.ScalarType.Float32 or torch.ScalarType.Int64, t.Key));
        SmallRun.AssertSame(run, _run.Run(settings, "again", r => r with { Precision = Precision.Bf16 }));
    }
}
