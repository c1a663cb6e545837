using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.Embeddings;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Conjoint.Training.Settings;

namespace Conjoint.Tests.Training.Runs;

/// <summary>The preset <c>released</c> with everything shrunken but its choices: all three stages, and what is made of its weights.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class ReleasedRunTests : IDisposable
{
    private readonly SmallRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("swav")]
    [InlineData("deepcluster-v2")]
    public void All_stages_train_and_their_weights_are_read_again(string method)
    {
        var settings = Shrunken(method);
        var run = _run.Run(settings, "run");
        var lines = MetricsReader.Read(run.Metrics).ToList();
        Assert.Equal(StageName.All, lines.Select(l => l.Stage).Distinct());
        Assert.All(lines, l => Assert.True(double.IsFinite(l.Number("loss")!.Value), $"{l.Stage}"));

        // No warm-up in stage slices; its cosine begins at the peak, that of the others at 0.
        Assert.Equal(settings.Slices.LearningRatePer256 * settings.Slices.Batch / 256, lines.First(l => l.Stage == StageName.Slices).Number("lr")!.Value, 9);

        // The projection is drawn in stage masked, is not trained there, and goes on into stage volumes.
        using var masked = WeightsFile.Read(run.StageWeights(StageName.Masked));
        Assert.Equal([92L * 4, 16, 1], masked.Tensors["volume_encoder.embedding.weight"].shape);
        Assert.Equal([16L, 16], masked.Tensors["decoder.weight"].shape);

        foreach (var stage in StageName.All)
        {
            var input = WeightsFile.ReadCard(run.StageWeights(stage)).Input;
            Assert.Equal((InputScale.Released, 0.0, 1.0), (input.Scale, input.Mean, input.Std));
            Assert.Equal(stage == StageName.Slices ? SliceFit.Resize : SliceFit.CropOrPad, input.Fit);
            Assert.Equal((InputScale.One, SliceFit.Resize, 1.0 / 255), (input.ForTask().Scale, input.ForTask().Fit, input.ForTask().Std));
        }

        // A stage alone from these weights, and embeddings of volumes with more and fewer slices than the net takes.
        _run.Run(settings, "again", r => r with { Stage = StageName.Volumes, Weights = run.StageWeights(StageName.Masked) });
        foreach (var slices in new[] { 2, 9 })
            NiftiFile.Write(_run[$"{slices}.nii"], new Volume([.. Enumerable.Range(0, 20 * 18 * slices).Select(i => (float)(i % 97))], 20, 18, slices, Affine.FromSpacing(1, 1, 3)), NiftiDataType.Int16);
        var table = ScanEmbedding.Run(run.Path, [_run["2.nii"], _run["9.nii"]], _run["e.npy"], new EmbedSettings { Level = EmbeddingLevel.Volume, Device = "cpu" }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((2, 16), (table.Rows.Count, table.Width));
        var colours = ScanEmbedding.Run(run.StageWeights(StageName.Slices), [_run["2.nii"]], _run["s.npy"], new EmbedSettings { Level = EmbeddingLevel.Slice, Device = "cpu" }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((2, 92 * 4), (colours.Rows.Count, colours.Width));
    }

    [Fact]
    public void The_release_s_own_checkpoint_is_read_and_written()
    {
        var run = _run.Run(Shrunken("swav"), "run");
        var converted = _run["theirs.pth"];
        WeightsConversion.Convert(run.Path, WeightsTarget.Released, converted);
        using var ours = WeightsFile.Read(run.Weights);
        using var theirs = TensorFile.Read(converted);
        Assert.Equal(ours.Tensors.Keys.Order(StringComparer.Ordinal), theirs.Tensors.Keys.Select(n => ReleasedNames.FromReleased(n)!).Order(StringComparer.Ordinal));
        Assert.All(theirs.Tensors.Keys, name => Assert.StartsWith("module.", name, StringComparison.Ordinal));

        // As the release writes it: no card, and data-parallel training's prefix or none.
        foreach (var cut in new[] { 0, "module.".Length })
        {
            var bare = _run[$"bare{cut}.safetensors"];
            Safetensors.Write(bare, theirs.Tensors.Select(t => KeyValuePair.Create(t.Key[cut..], t.Value)), new Dictionary<string, string>());
            using var source = WeightsSource.Open(bare)!;
            Assert.Equal(("released", StageName.Volumes, InputScale.Released), (source.Card!.Preset, source.Card.Stage, source.Card.Input.Scale));
            Assert.Equal(ours.Card.Net<SliceEncoderSettings>("slice_encoder")!.FeatureWidth, source.Card.Net<SliceEncoderSettings>("slice_encoder")!.FeatureWidth);
            Assert.Equal(ours.Card.Net<VolumeEncoderSettings>("volume_encoder"), source.Card.Net<VolumeEncoderSettings>("volume_encoder"));
            Assert.All(ours.Tensors, t => Assert.True(t.Value.equal(source.Tensors[t.Key]).all().item<bool>(), t.Key));

            using var embedder = Embedder.Open(bare, "cpu");
            Assert.All(embedder.Loaded, report => Assert.Empty(report.Missing));
        }
    }

    [Fact]
    public void What_was_written_under_the_release_s_names_is_read_as_what_it_was()
    {
        var run = _run.Run(Shrunken("swav"), "run");
        foreach (var stage in StageName.All)
        {
            var (theirs, again, back) = (_run[$"{stage}.pth"], _run[$"{stage}-again.pth"], _run[$"{stage}.safetensors"]);
            WeightsConversion.Convert(run.StageWeights(stage), WeightsTarget.Released, theirs);
            WeightsConversion.Convert(theirs, WeightsTarget.Released, again);
            Assert.Equal(File.ReadAllBytes(theirs), File.ReadAllBytes(again));

            WeightsConversion.Convert(theirs, WeightsTarget.Safetensors, back);
            using var ours = WeightsFile.Read(run.StageWeights(stage));
            using var read = WeightsFile.Read(back);
            Assert.Equal(ours.Card.ToJson(), read.Card.ToJson());
            Assert.NotEmpty(read.Tensors);
            Assert.All(read.Tensors, t => Assert.True(t.Value.equal(ours.Tensors[t.Key]).all().item<bool>(), t.Key));
        }

        using var embedder = Embedder.Open(_run["volumes.pth"], "cpu");
        Assert.Equal(16, embedder.VolumeWidth);
        Assert.All(embedder.Loaded, report => Assert.Empty(report.Missing));

        // A backbone alone is nothing of stage volumes.
        WeightsConversion.Convert(run.Path, WeightsTarget.Torchvision, _run["backbone.pth"]);
        Assert.Contains("none of these tensors", Assert.Throws<InputDataException>(() => WeightsConversion.Convert(_run["backbone.pth"], WeightsTarget.Released, _run["no.pth"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stage_masked_trains_all_but_the_embedding()
    {
        var settings = Shrunken("swav");
        // At a rate of next to nothing the weights are as they began.
        var (still, moved) = (Encoder(settings with { Masked = settings.Masked with { LearningRate = 1e-12 } }, "still"), Encoder(settings, "moved"));
        using (still)
        using (moved)
        {
            Assert.True(Same("volume_encoder.embedding.weight"));
            Assert.False(Same("volume_encoder.layers.0.ffn.linear1.weight"));
            Assert.False(Same("mask_token"));
        }

        bool Same(string name) => still.Tensors[name].equal(moved.Tensors[name]).all().item<bool>();
    }

    [Fact]
    public void Settings_that_do_not_go_together_are_told()
    {
        foreach (var (assignment, key) in new[]
        {
            ("volumes.fit=resize", "volumes.fit"), ("masked.max_slices=32", "masked.max_slices"),
            ("volume_encoder.position_bias=table", "volume_encoder.position_bias"), ("volume_encoder.sampling=grid", "volume_encoder.sampling"),
        })
        {
            var error = Assert.Throws<ConfigurationException>(() => Presets.Resolve("released", SettingsLayer.FromAssignment(assignment)));
            Assert.Contains(key, error.Message, StringComparison.Ordinal);
        }
    }

    private WeightsFile Encoder(PretrainSettings settings, string name) =>
        WeightsFile.Read(_run.Run(settings, name, r => r with { Stage = StageName.Masked }).Weights);

    /// <summary>The preset's choices at the sizes of <see cref="SmallRun"/>.</summary>
    private static PretrainSettings Shrunken(string method)
    {
        var released = Presets.Resolve("released", SettingsLayer.FromValue("--method", "method", method));
        var small = SmallRun.Settings(released.Method);
        return released with
        {
            Seed = small.Seed,
            Threads = 1,
            SliceEncoder = small.SliceEncoder with { FeatureLevels = released.SliceEncoder.FeatureLevels },
            VolumeEncoder = released.VolumeEncoder with { Width = 16, Layers = 1, Heads = 2, HeadWidth = 8, HiddenWidth = 20, Slices = 4 },
            Slices = small.Slices with { WarmupFraction = released.Slices.WarmupFraction, FinalRateShare = released.Slices.FinalRateShare },
            Masked = small.Masked with { Fit = released.Masked.Fit, Target = released.Masked.Target },
            Volumes = small.Volumes with { Fit = released.Volumes.Fit, ClipGradientNorm = released.Volumes.ClipGradientNorm, Prototypes = small.Volumes.Prototypes with { TrainCentroids = released.Volumes.Prototypes.TrainCentroids } },
        };
    }
}
