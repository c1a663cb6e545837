using Conjoint.Training.Monitoring;
using static TorchSharp.torch;

namespace Conjoint.Tests.Training.Monitoring;

public class CollapseMonitorTests
{
    [Fact]
    public void Numbers_are_those_of_a_hand_calculation()
    {
        using var monitor = new CollapseMonitor();
        // ±e₁ and ±e₂, twice each: mean 0; each feature holds 1, -1, 0, 0 ..., variance 4/8.
        using var embeddings = tensor(new float[] { 1, 0, -1, 0, 0, 1, 0, -1, 1, 0, -1, 0, 0, 1, 0, -1 }, [8, 2]);
        using var first = tensor(new float[] { 1f, 0f, 0f, 0f });
        using var second = tensor(new float[] { 0f, 1f, 0f, 0f });
        monitor.Add(embeddings.narrow(0, 0, 4), [first]);
        monitor.Add(embeddings.narrow(0, 4, 4), [second]);

        Assert.Equal(8, monitor.Count);
        Assert.Equal(Math.Sqrt(0.5) * Math.Sqrt(2), monitor.EmbeddingStd(), 6);        // evenly spread: 1
        Assert.Equal(2, monitor.EffectiveRank(), 6);                                    // two equal singular values
        Assert.Equal(Math.Log(2) / Math.Log(4), monitor.PrototypeUsageEntropy()!.Value, 6);   // two of four in use
    }

    [Fact]
    public void Uneven_singular_values_give_the_exponential_of_their_entropy()
    {
        using var monitor = new CollapseMonitor();
        using var embeddings = tensor(new float[] { 3, 0, -3, 0, 0, 1, 0, -1 }, [4, 2]);   // singular values √18 and √2: shares ¾ and ¼
        monitor.Add(embeddings, []);
        Assert.Equal(Math.Exp(-0.75 * Math.Log(0.75) - 0.25 * Math.Log(0.25)), monitor.EffectiveRank(), 6);
        Assert.Null(monitor.PrototypeUsageEntropy());
    }

    [Fact]
    public void Even_use_of_prototypes_is_one_and_heads_are_averaged()
    {
        using var monitor = new CollapseMonitor();
        using var embeddings = ones(8, 2);
        using var even = full(5, 0.2f);
        using var one = tensor(new float[] { 0f, 1f });
        monitor.Add(embeddings, [even, one]);
        Assert.Equal(0.5, monitor.PrototypeUsageEntropy()!.Value, 6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-8)]
    public void One_point_has_no_spread_and_no_direction_rounding_or_not(double noise)
    {
        using var monitor = new CollapseMonitor();
        using var point = nn.functional.normalize(ones(1, 16), dim: 1);
        using var rounding = Noise.Normal(1, 32, 16);
        using var embeddings = (point + rounding * noise).to(ScalarType.Float32);
        monitor.Add(embeddings, []);
        Assert.Equal(0, monitor.EmbeddingStd(), 5);
        Assert.InRange(monitor.EffectiveRank(), 0, 1);
    }

    [Fact]
    public void Only_the_last_embeddings_of_an_epoch_are_kept()
    {
        using var monitor = new CollapseMonitor();
        using var old = ones(CollapseMonitor.Kept, 2);
        using var late = zeros(CollapseMonitor.Kept, 2);
        monitor.Add(old, []);
        monitor.Add(late, []);
        Assert.Equal(CollapseMonitor.Kept, monitor.Count);
        Assert.Equal(0, monitor.EmbeddingStd(), 6);
        monitor.BeginEpoch();
        Assert.Equal(0, monitor.Count);
    }

    [Fact]
    public void Its_state_comes_back()
    {
        using var monitor = new CollapseMonitor();
        using var embeddings = Noise.UnitRows(3, 12, 4).to(ScalarType.Float32);
        using var usage = tensor(new float[] { 0.25f, 0.75f });
        monitor.Add(embeddings, [usage]);
        using var again = new CollapseMonitor();
        again.LoadStateDict(monitor.StateDict(), CPU);
        monitor.Add(embeddings, [usage]);
        again.Add(embeddings, [usage]);
        Assert.Equal(
            (monitor.Count, monitor.EmbeddingStd(), monitor.EffectiveRank(), monitor.PrototypeUsageEntropy()),
            (again.Count, again.EmbeddingStd(), again.EffectiveRank(), again.PrototypeUsageEntropy()));
    }
}
