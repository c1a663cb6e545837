using Conjoint.Data;
using Conjoint.Data.Augmentation;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Tests.Training.Runs;
using Conjoint.Training.Settings;
using Conjoint.Training.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Training.Stages;

/// <summary>The stages of a small run without their runner: float64, norms in eval mode, batches of made-up numbers.</summary>
internal sealed class MadeUpStages : IDisposable
{
    private const int Size = 32;

    private readonly SmallRun _run = new([4, 4, 4, 4, 4, 4], images: 6);
    private readonly PreparedStore _store;
    private readonly StageInputs _inputs;

    public MadeUpStages(ClusteringMethod method, Func<PretrainSettings, PretrainSettings>? change = null)
    {
        var settings = SmallRun.Settings(method);
        settings = settings with { VolumeEncoder = settings.VolumeEncoder with { Dropout = 0 } };
        Settings = change?.Invoke(settings) ?? settings;
        _store = PreparedStore.Open(_run.Store);
        _inputs = new StageInputs(
            Settings, SliceSamples.Collect([_store], _ => true), VolumeSamples.Collect([_store], _ => true), CPU, SingleProcess.Instance);
    }

    public PretrainSettings Settings { get; }

    public SlicesStage Slices() => Exact(new SlicesStage(_inputs, SliceEncoder()));

    public MaskedStage Masked() => Exact(new MaskedStage(_inputs, SliceEncoder(), VolumeEncoder()));

    public VolumesStage Volumes() => Exact(new VolumesStage(_inputs, SliceEncoder(), VolumeEncoder()));

    /// <summary>A batch of slices; every crop of the settings.</summary>
    public SliceBatch SliceBatch(int slices, int seed = 1) => new(Crops(Settings.Slices.Views, slices, seed), [.. Enumerable.Range(0, slices).Select(i => (long)i)]);

    /// <summary>A batch of volumes of these numbers of slices, with crops of single slices.</summary>
    public VolumeBatch VolumeBatch(params long[] lengths) => new(
        [Noise.Uniform(2, -1, 1, lengths.Sum(), 1, Size, Size), Noise.Uniform(3, -1, 1, lengths.Sum(), 1, Size, Size)], lengths, [.. lengths.Select((_, i) => (long)i)],
        Crops(Settings.Slices.Views, lengths.Length * Settings.Volumes.SliceTerm.SlicesPerVolume, 4),
        [.. Enumerable.Range(0, lengths.Length * Settings.Volumes.SliceTerm.SlicesPerVolume).Select(i => (long)i)]);

    /// <summary>Loss and gradients of a batch, as the runner would have them.</summary>
    public static (double Loss, Dictionary<string, Tensor> Gradients) Learn<TBatch>(PretrainingStage<TBatch> stage, TBatch batch)
        where TBatch : IDisposable
    {
        foreach (var (_, value) in stage.Parameters())
            value.grad = null;
        stage.BeforeStep();
        var loss = stage.Loss(batch, new BatchPosition(0, 0, 0));
        stage.Backward(loss.Loss, () => Autocast.Enter(Precision.Fp32, CPU));
        return (loss.Loss.item<double>(), stage.Parameters().Where(p => p.Value.grad is not null).ToDictionary(p => p.Name, p => p.Value.grad!.clone()));
    }

    /// <summary>Fails unless losses and all gradients agree.</summary>
    public static void AssertSame((double Loss, Dictionary<string, Tensor> Gradients) expected, (double Loss, Dictionary<string, Tensor> Gradients) found, double tolerance)
    {
        Assert.Equal(expected.Loss, found.Loss, tolerance);
        Assert.Equal(expected.Gradients.Keys.Order(), found.Gradients.Keys.Order());
        Assert.All(expected.Gradients, g => Assert.True(
            found.Gradients[g.Key].allclose(g.Value, rtol: tolerance, atol: tolerance), $"{g.Key}: {(found.Gradients[g.Key] - g.Value).abs().max().item<double>()}"));
        Assert.Contains(expected.Gradients, g => g.Value.abs().max().item<double>() > 100 * tolerance);
    }

    public void Dispose()
    {
        _store.Dispose();
        _run.Dispose();
    }

    private static Tensor[] Crops(MultiCropSettings views, int slices, int seed) =>
        [.. views.Crops.SelectMany(c => Enumerable.Repeat(c.Size, c.Count)).Select((size, i) => Noise.Uniform(100 * seed + i, -1, 1, slices, 1, size, size))];

    private SliceEncoder SliceEncoder()
    {
        manual_seed(1);
        return new SliceEncoder(Settings.SliceEncoder);
    }

    private VolumeEncoder VolumeEncoder()
    {
        manual_seed(2);
        return new VolumeEncoder(Settings.VolumeEncoder, Settings.SliceEncoder.FeatureWidth);
    }

    private static TStage Exact<TStage>(TStage stage)
        where TStage : IDisposable
    {
        var nets = stage switch
        {
            SlicesStage s => s.Nets,
            MaskedStage m => m.Nets,
            VolumesStage v => v.Nets,
            _ => throw new ArgumentException("a stage", nameof(stage)),
        };
        foreach (var (_, net) in nets)
        {
            net.to(ScalarType.Float64);
            net.eval();
        }

        return stage;
    }
}
