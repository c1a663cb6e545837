using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Prediction;
using Conjoint.Tasks.Segmentation;
using Conjoint.Tests.Data;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Tasks;

/// <summary>BraTS in miniature: a tumour that one sequence shows and another, which has the mask, does not.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class ChannelTests : IDisposable
{
    private static readonly SegmentationSettings s_tiny = new()
    {
        Seed = 7,
        Batch = 6,
        Steps = 80,
        LearningRate = 0.1,
        Validations = 1,
        Encoder = new SliceEncoderSettings { BaseWidth = 4, Blocks = [1, 1, 1, 1] },
        Input = new InputNormalisation { Size = 32, Mean = 0.3, Std = 0.3 },
        Augmentation = SliceAugmentationSettings.None,
        Device = "cpu",
        Workers = 1,
        CheckpointSeconds = 1000,
    };

    private readonly TemporaryFolder _folder = new();

    public ChannelTests()
    {
        for (var n = 0; n < 5; n++)
            Case("HGG", $"P{n}_1", n);
        File.WriteAllText(_folder["set/splits.csv"], "subject,split\nP0,train\nP1,train\nP2,train\nP3,val\nP4,test\n");
        Samples.Prepare(_folder["store"], new PrepareSettings { Dataset = "brats2018" }, _folder["set"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_channels_of_a_scan_are_found_in_the_order_that_is_asked_for()
    {
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal(20, store.Cases.Count);
        var flair = store.Cases.First(c => c.HasMask);
        Assert.Equal(["t2", "flair", "t1ce"], ChannelCases.Of(store, flair, ["t2", "flair", "T1CE"]).Select(c => c.Channel!));
        Assert.Same(flair, Assert.Single(ChannelCases.Of(store, flair, [])));
        Assert.Contains("has no channel 'dwi'; it has flair, t1, t1ce, t2", Assert.Throws<InputDataException>(() => ChannelCases.Of(store, flair, ["dwi"])).Message, StringComparison.Ordinal);
        Assert.Contains("no scan of several channels", Assert.Throws<InputDataException>(() => ChannelCases.Of(store, flair with { ChannelGroup = null }, ["t2"])).Message, StringComparison.Ordinal);
        Assert.Contains("different grids", Assert.Throws<InputDataException>(
            () => ChannelCases.Of(store, flair with { Affine = Affine.FromSpacing(1, 1, 1.5) }, ["t2"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_net_of_two_channels_sees_what_one_alone_does_not_and_predicts_files_as_it_predicts_the_store()
    {
        using var store = PreparedStore.Open(_folder["store"]);
        var alone = Run(store, s_tiny, "alone");
        var both = Run(store, s_tiny with { Channels = ["flair", "t2"] }, "both");
        Assert.InRange(both.Summary.Dice.Mean, 0.8, 1);
        Assert.InRange(alone.Summary.Dice.Mean, 0, 0.6);

        using var segmenter = Segmenter.Open(_folder["both"], "cpu");
        Assert.Equal(["flair", "t2"], segmenter.Channels);
        Assert.Equal(both.Summary.Dice, SegmentationEvaluation.Run(_folder["both"], store, device: "cpu", cancellation: TestContext.Current.CancellationToken).Summary.Dice);

        File.Delete(_folder["set/HGG/P3_1/P3_1_t2.nii.gz"]);
        var warnings = new LogObserver();
        var predicted = SegmentationPrediction.Run(
            _folder["both"], [_folder["set/HGG/P3_1"], _folder["set/HGG/P4_1"]], _folder["out"], new PredictSettings { Device = "cpu" }, warnings, TestContext.Current.CancellationToken);
        Assert.EndsWith("P4_1_flair.nii.gz", Assert.Single(predicted).Source, StringComparison.Ordinal);
        Assert.Contains(warnings.Lines, w => w.Contains("P3_1/P3_1 lacks the channel t2: left out", StringComparison.Ordinal));
        var mask = ImageFile.ReadVolume(_folder[$"out/{predicted[0].Masks[0]}"]);
        var inStore = segmenter.Segment(store, store.Cases.Single(c => c.Subject == "P4" && c.HasMask));
        segmenter.Map.ToLabels(inStore);
        Assert.Equal(inStore.Select(v => (float)v).Order(), mask.Voxels.Order());
        Assert.Contains(4f, mask.Voxels);
    }

    [Fact]
    public void Settings_that_name_a_channel_twice_or_one_that_is_not_there_are_refused()
    {
        Assert.Contains("each name once", Assert.Throws<ConfigurationException>(() => new SegmentationFineTuning(s_tiny with { Channels = ["t2", "T2"] })).Message, StringComparison.Ordinal);
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Contains("has no channel 'pd'", Assert.Throws<InputDataException>(() => Run(store, s_tiny with { Channels = ["flair", "pd"] }, "none")).Message, StringComparison.Ordinal);
        Assert.Contains("whose names end in _flair", Assert.Throws<InputDataException>(() =>
        {
            TinyModel.WriteSegmenter(_folder["model.safetensors"], ["flair", "t2"], 1);
            File.Copy(_folder["set/HGG/P0_1/P0_1_t1.nii.gz"], _folder["other.nii.gz"]);
            SegmentationPrediction.Run(_folder["model.safetensors"], [_folder["other.nii.gz"]], _folder["out"], new PredictSettings { Device = "cpu" }, cancellation: TestContext.Current.CancellationToken);
        }).Message, StringComparison.Ordinal);
    }

    private SegmentationResult Run(PreparedStore store, SegmentationSettings settings, string run) =>
        new SegmentationFineTuning(settings).Run(store, "scratch", _folder[run], cancellation: TestContext.Current.CancellationToken);

    /// <summary>Noise everywhere; in t2, a bright box that the mask names, at a place of its own.</summary>
    private void Case(string grade, string name, int seed)
    {
        const int Width = 24, Height = 20, Slices = 6;
        var random = new Random(seed);
        var (left, top) = (random.Next(2, 12), random.Next(2, 9));
        bool Inside(int i) => i % Width - left is >= 0 and < 9 && i / Width % Height - top is >= 0 and < 8;
        foreach (var sequence in new[] { "flair", "t1", "t1ce", "t2", "seg" })
        {
            float[] voxels = [.. Enumerable.Range(0, Width * Height * Slices).Select(i => sequence == "seg"
                ? (Inside(i) ? 4 : 0)
                : random.Next(300) + (sequence == "t2" && Inside(i) ? 700f : 0))];
            Samples.Nifti(_folder[$"set/{grade}/{name}/{name}_{sequence}.nii.gz"], new Volume(voxels, Width, Height, Slices, Affine.FromSpacing(1, 1, 3)));
        }
    }
}
