using Conjoint.Data.Augmentation;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.TestSupport;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Conjoint.Training.Settings;

namespace Conjoint.Tests.Training.Runs;

/// <summary>Pre-training with nets so small that a stage takes a fraction of a second.</summary>
internal sealed class SmallRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>A run on ragged volumes, one of them a single slice, and images.</summary>
    public SmallRun()
        : this([1, 3, 5, 4, 6], images: 3)
    {
    }

    public SmallRun(IReadOnlyList<int> volumes, int images = 0, Func<int, int, int, int, float>? pixel = null) =>
        Store = SmallStore.Write(_folder["store"], volumes, images, pixel);

    public string Store { get; }

    public string this[string name] => _folder[name];

    /// <summary>Six steps of stage slices in two epochs, four of each of the others; every part of the method is in use.</summary>
    public static PretrainSettings Settings(ClusteringMethod method)
    {
        var swav = method == ClusteringMethod.Swav;
        return new PretrainSettings
        {
            Preset = "tiny",
            Method = method,
            Seed = 5,
            Threads = 1,
            CheckpointSeconds = 3600,
            SliceEncoder = new SliceEncoderSettings { BaseWidth = 4, Blocks = [1, 1, 1, 1] },
            VolumeEncoder = new VolumeEncoderSettings { Width = 16, Layers = 1, Heads = 2, HeadWidth = 8, HiddenWidth = 20, PositionTable = 8 },
            Slices = new SlicesSettings
            {
                Batch = 6,
                Epochs = 2,
                LearningRatePer256 = 40,
                Views = new MultiCropSettings
                {
                    Crops = swav
                        ? [new CropSettings { Count = 2, Size = 16, MinScale = 0.2, MaxScale = 1 }, new CropSettings { Count = 2, Size = 8, MinScale = 0.05, MaxScale = 0.2 }]
                        : [new CropSettings { Count = 2, Size = 16, MinScale = 0.2, MaxScale = 1 }],
                },
                HeadHiddenWidth = 16,
                EmbeddingWidth = 8,
                HeadBatchNorm = swav,
                Prototypes = new PrototypeSettings { Counts = swav ? [4] : [4, 3], FreezeSteps = 2, QueueLength = swav ? 12 : 0, QueueStartEpoch = 0 },
            },
            Masked = new MaskedSettings { Batch = 2, Epochs = 2, Size = 16, MaxSlices = 4, LearningRate = 2 },
            Volumes = new VolumesSettings
            {
                Batch = 2,
                Epochs = 2,
                Size = 16,
                MaxSlices = 4,
                LearningRate = 2,
                Prototypes = new PrototypeSettings { Counts = swav ? [3] : [3, 2], FreezeSteps = 1, QueueLength = swav ? 2 : 0, QueueStartEpoch = 0 },
            },
        };
    }

    public PretrainRequest Request(PretrainSettings settings, string name) =>
        new() { Settings = settings, Stores = [Store], RunFolder = _folder[name], Device = "cpu", Precision = Precision.Fp32 };

    /// <summary>Runs to the end, or to whatever the observer does.</summary>
    public RunFolder Run(PretrainSettings settings, string name, Func<PretrainRequest, PretrainRequest>? change = null, IRunObserver? observer = null)
    {
        var request = Request(settings, name);
        Pretraining.Run(change?.Invoke(request) ?? request, observer ?? SilentObserver.Instance, TestContext.Current.CancellationToken);
        return new RunFolder(_folder[name]);
    }

    /// <summary>Metrics without what the clock decides.</summary>
    public static string[] WithoutTimes(RunFolder run) =>
    [
        .. MetricsReader.Read(run.Metrics).Select(line => string.Join(", ", line.Values
            .Where(v => v.Key is not ("samples_per_second" or "data_wait_fraction")).Select(v => FormattableString.Invariant($"{v.Key}={v.Value}")))),
    ];

    /// <summary>Fails unless weights, those of every stage, and metrics are equal.</summary>
    public static void AssertSame(RunFolder expected, RunFolder found)
    {
        Assert.Equal(File.ReadAllBytes(expected.Weights), File.ReadAllBytes(found.Weights));
        foreach (var stage in StageName.All)
        {
            Assert.Equal(File.Exists(expected.StageWeights(stage)), File.Exists(found.StageWeights(stage)));
            if (File.Exists(expected.StageWeights(stage)))
                Assert.Equal(File.ReadAllBytes(expected.StageWeights(stage)), File.ReadAllBytes(found.StageWeights(stage)));
        }

        Assert.Equal(WithoutTimes(expected), WithoutTimes(found));
    }

    public void Dispose() => _folder.Dispose();
}
