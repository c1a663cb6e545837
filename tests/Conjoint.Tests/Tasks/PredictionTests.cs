using System.Text.Json;
using System.Text.Json.Nodes;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Tasks;
using Conjoint.Tasks.Prediction;
using Conjoint.Tasks.Segmentation;
using Conjoint.TestSupport;
using Conjoint.Training;

namespace Conjoint.Tests.Tasks;

[Collection(GlobalGenerator.Name)]
public sealed class PredictionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PredictionTests() => TinyModel.WriteSegmenter(_folder["model.safetensors"], 2, 300);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)] // already RAS, slices along z
    [InlineData(1)] // L and P, slices along x
    [InlineData(2)] // axes permuted and oblique
    public void A_mask_has_the_shape_and_affine_of_its_volume_and_the_classes_of_the_stored_case(int grid)
    {
        var affine = Affines[grid];
        var volume = Noise(13, 17, 9, affine);
        NiftiFile.Write(_folder["scan.nii.gz"], volume, NiftiDataType.Int16);
        var predicted = Assert.Single(Predict("scan.nii.gz"));

        var mask = ImageFile.ReadVolume(_folder[$"out/{predicted.Masks[0]}"]);
        var source = ImageFile.ReadVolume(_folder["scan.nii.gz"]);
        Assert.Equal((source.SizeX, source.SizeY, source.SizeZ), (mask.SizeX, mask.SizeY, mask.SizeZ));
        Assert.Equal(source.Affine, mask.Affine);
        Assert.Equal([2, 300], mask.Voxels.Select(v => (int)v).Where(v => v != 0).Distinct().Order());

        // The same case through a store: training and inference see the same values.
        new Preparer(new PrepareSettings { ValidationShare = 0, TestShare = 0 }).Run([_folder["scan.nii.gz"]], _folder["store"], cancellation: TestContext.Current.CancellationToken);
        using var store = PreparedStore.Open(_folder["store"]);
        using var segmenter = Segmenter.Open(_folder["model.safetensors"], "cpu");
        var classes = segmenter.Segment(store, store.Cases[0]);
        segmenter.Map.ToLabels(classes);
        var inSource = new ushort[classes.Length];
        store.Cases[0].SourceGrid!.ToSource<ushort>(classes, inSource);
        Assert.Equal(inSource, mask.Voxels.Select(v => (ushort)v));
    }

    [Theory]
    [InlineData("2,2,2", null, null)]
    [InlineData("iso", null, "40,40,40")]
    [InlineData(null, "9,9,9", null)]
    [InlineData("1,1.5,2", "foreground", "12,12,12")]
    public void A_mask_lies_on_the_files_own_grid_when_the_model_saw_another(string? spacing, string? crop, string? pad)
    {
        TinyModel.WriteSegmenter(_folder["model.safetensors"], TinyModel.Input with { Rule = IntensityRule.Percentile, Spacing = spacing, Crop = crop, Pad = pad }, 2, 300);
        NiftiFile.Write(_folder["scan.nii.gz"], Noise(13, 17, 9, Affines[2]), NiftiDataType.Int16);
        var mask = ImageFile.ReadVolume(_folder[$"out/{Assert.Single(Predict("scan.nii.gz")).Masks[0]}"]);
        var source = ImageFile.ReadVolume(_folder["scan.nii.gz"]);
        Assert.Equal((source.SizeX, source.SizeY, source.SizeZ), (mask.SizeX, mask.SizeY, mask.SizeZ));
        Assert.Equal(source.Affine, mask.Affine);

        // A store made as the model's card says, and its affine alone: each voxel has the class of the stored voxel nearest in space.
        var settings = Scaling.Of(TinyModel.Input with { Rule = IntensityRule.Percentile, Spacing = spacing, Crop = crop, Pad = pad }).Settings() with { ValidationShare = 0, TestShare = 0 };
        new Preparer(settings).Run([_folder["scan.nii.gz"]], _folder["store"], cancellation: TestContext.Current.CancellationToken);
        using var store = PreparedStore.Open(_folder["store"]);
        using var segmenter = Segmenter.Open(_folder["model.safetensors"], "cpu");
        var stored = store.Cases[0];
        var classes = segmenter.Segment(store, stored);
        segmenter.Map.ToLabels(classes);
        var (seen, toStored) = (0, stored.Affine!.Inverse().Compose(mask.Affine));
        for (var i = 0; i < mask.Voxels.Length; i++)
        {
            var (n, h, w) = toStored.Apply(i % 13, i / 13 % 17, i / 13 / 17);
            if (new[] { n, h, w }.Any(v => Math.Abs(v - Math.Floor(v) - 0.5) < 1e-3))
                continue; // halfway between two
            var (a, b, c) = ((int)Math.Round(n), (int)Math.Round(h), (int)Math.Round(w));
            var inside = a >= 0 && b >= 0 && c >= 0 && a < stored.Slices && b < stored.Height && c < stored.Width;
            Assert.Equal(inside ? classes[(a * stored.Height + b) * stored.Width + c] : 0, mask.Voxels[i]);
            seen += inside && mask.Voxels[i] > 0 ? 1 : 0;
        }

        Assert.True(seen > 20);
    }

    [Theory]
    [InlineData("scan.mha", "NDims = 3\nDimSize = 13 17 9\nTransformMatrix = 0 0.6 0.8 1 0 0 0 0.8 -0.6\nOffset = 10.5 -20 30\nElementSpacing = 0.75 1.25 2.5\nElementType = MET_SHORT\nElementDataFile = LOCAL\n")]
    [InlineData("scan.nrrd", "NRRD0005\ntype: short\ndimension: 3\nspace: LPS\nsizes: 13 17 9\nspace directions: (0,0.45,0.6) (1.25,0,0) (0,2,-1.5)\nspace origin: (10.5,-20,30)\nendian: little\nencoding: raw\n\n")]
    public void A_mask_over_a_MetaImage_or_NRRD_lies_where_its_voxels_do(string name, string header)
    {
        var voxels = new byte[13 * 17 * 9 * 2];
        new Random(2).NextBytes(voxels);
        File.WriteAllBytes(_folder[name], [.. System.Text.Encoding.ASCII.GetBytes(header), .. voxels]);
        var mask = ImageFile.ReadVolume(_folder[$"out/{Assert.Single(Assert.Single(Predict(name)).Masks)}"]);
        Assert.Equal((13, 17, 9), (mask.SizeX, mask.SizeY, mask.SizeZ));
        foreach (var (i, j, k) in new[] { (0, 0, 0), (12, 0, 0), (0, 16, 0), (0, 0, 8), (5, 7, 3) })
        {
            // The steps and the origin of the header are in LPS; the mask's affine leads to RAS.
            double[] lps = [10.5 + 1.25 * j, -20 + 0.45 * i + 2 * k, 30 + 0.6 * i - 1.5 * k];
            var (x, y, z) = mask.Affine.Apply(i, j, k);
            Assert.Equal(-lps[0], x, 1e-5);
            Assert.Equal(-lps[1], y, 1e-5);
            Assert.Equal(lps[2], z, 1e-5);
        }
    }

    [Fact]
    public void Volumes_of_classes_are_in_millilitres_and_stand_in_json_and_csv()
    {
        NiftiFile.Write(_folder["scan.nii"], Noise(13, 17, 9, Affine.FromSpacing(2, 2, 5)), NiftiDataType.Int16);
        var predicted = Assert.Single(Predict("scan.nii"));
        var mask = ImageFile.ReadVolume(_folder[$"out/{predicted.Masks[0]}"]);
        foreach (var found in predicted.Classes)
        {
            Assert.Equal(mask.Voxels.Count(v => (int)v == found.Label), found.Voxels);
            Assert.Equal(found.Voxels * 0.02, found.VolumeMl!.Value, 9);
        }

        using var json = JsonDocument.Parse(File.ReadAllText(_folder["out/predictions.json"]));
        Assert.Equal(predicted.Classes[1].Voxels, json.RootElement[0].GetProperty("classes")[1].GetProperty("voxels").GetInt64());
        var lines = File.ReadAllLines(_folder["out/predictions.csv"]);
        Assert.Equal("id,source,kind,label,voxels,volume_ml", lines[0]);
        Assert.Equal(3, lines.Length);
        Assert.True(File.Exists(_folder[$"out/{predicted.Overlay}"]));
    }

    [Fact]
    public void An_array_gets_an_array_an_image_an_image_and_a_stack_a_frame_for_each_frame()
    {
        var random = new Random(5);
        NpyFile.Write<float>(_folder["cube.npy"], Values(random, 8 * 10 * 12), [8, 10, 12]);
        PngFile.Write(_folder["picture.png"], new Image(Values(random, 20 * 30), 20, 30), 8);
        Directory.CreateDirectory(_folder["stack"]);
        for (var n = 0; n < 9; n++)
            PngFile.Write(_folder[$"stack/a_frame_{n:000}.png"], new Image(Values(random, 16 * 14), 16, 14), 8);

        var predicted = SegmentationPrediction.Run(
            _folder["model.safetensors"], [_folder["cube.npy"], _folder["picture.png"], _folder["stack"]], _folder["out"],
            new PredictSettings { Device = "cpu" }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["volume", "image", "volume"], predicted.Select(p => p.Kind));

        var array = NpyFile.Read(_folder[$"out/{predicted[0].Masks.Single(m => m.EndsWith(".npy", StringComparison.Ordinal))}"]);
        Assert.Equal([8, 10, 12], array.Shape);
        var nifti = ImageFile.ReadVolume(_folder[$"out/{predicted[0].Masks[0]}"]);
        var values = array.ToSingle();
        Assert.Equal(values[(3 * 10 + 4) * 12 + 5], nifti[3, 4, 5]);

        var image = ImageFile.ReadImage(_folder[$"out/{predicted[1].Masks.Single()}"]);
        Assert.Equal((20, 30), (image.Width, image.Height));

        var frames = predicted[2].Masks.Where(m => m.EndsWith(".png", StringComparison.Ordinal)).ToArray();
        Assert.Equal(9, frames.Length);
        var frame = ImageFile.ReadImage(_folder[$"out/{frames[4]}"]);
        Assert.Equal((16, 14), (frame.Width, frame.Height));
        Assert.EndsWith("a_frame_004.png", frames[4], StringComparison.Ordinal);
        Assert.All(predicted, p => Assert.All(p.Classes, c => Assert.Null(c.VolumeMl)));
    }

    [Fact]
    public void Of_several_scans_a_damaged_one_is_left_out_and_alone_it_is_an_error()
    {
        NiftiFile.Write(_folder["good.nii"], Noise(9, 9, 9, Affine.Identity), NiftiDataType.Int16);
        var bytes = File.ReadAllBytes(_folder["good.nii"]);
        File.WriteAllBytes(_folder["bad.nii"], bytes[..600]);
        Assert.Single(Predict("good.nii", "bad.nii"));
        using (var left = JsonDocument.Parse(Assert.Single(File.ReadAllLines(_folder["out/skipped.jsonl"]))))
        {
            Assert.Equal(("bad.nii", "unreadable"), (left.RootElement.GetProperty("path").GetString(), left.RootElement.GetProperty("kind").GetString()));
            Assert.NotEmpty(left.RootElement.GetProperty("reason").GetString()!);
        }

        Predict("good.nii");
        Assert.Empty(File.ReadAllText(_folder["out/skipped.jsonl"]));
        Assert.Throws<InputDataException>(() => Predict("bad.nii"));
        Assert.Throws<InputDataException>(() => Predict("missing.nii"));
    }

    /// <summary>Hours of work are not lost with the last scan.</summary>
    [Fact]
    public void Stopped_early_the_tables_have_what_is_finished()
    {
        foreach (var name in new[] { "a.nii", "b.nii", "c.nii" })
            NiftiFile.Write(_folder[name], Noise(9, 9, 9, Affine.Identity), NiftiDataType.Int16);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => SegmentationPrediction.Run(
            _folder["model.safetensors"], [_folder["a.nii"], _folder["b.nii"], _folder["c.nii"]], _folder["out"], new PredictSettings { Device = "cpu" }, new StopAfterTwo(stop), stop.Token));
        Assert.Equal(["a.nii", "a.nii", "b.nii", "b.nii"], File.ReadAllLines(_folder["out/predictions.csv"]).Skip(1).Select(l => l.Split(',')[1]));
        using var json = JsonDocument.Parse(File.ReadAllText(_folder["out/predictions.json"]));
        Assert.Equal(2, json.RootElement.GetArrayLength());
    }

    [Theory]
    [InlineData(3, 0, "MR", true, Modality.MR, null)]
    [InlineData(3, 0, "MR", true, null, null)]
    [InlineData(3, 0, "Unknown", true, Modality.MR, null)]
    [InlineData(3, 0, "MR", true, Modality.CT, "is CT; the model has learned from MR alone")]
    [InlineData(3, 0, "MR", false, Modality.MR, "is an image; the model has learned from volumes alone")]
    [InlineData(0, 3, "XRay", true, Modality.XRay, "is a volume; the model has learned from images alone")]
    [InlineData(2, 3, "XRay", true, Modality.XRay, null)]
    public void A_scan_unlike_all_that_was_learned_from_gets_a_warning(int volumes, int images, string seen, bool isVolume, Modality? modality, string? warning) =>
        Assert.Equal(warning, new LearnedKinds([new DataSummary { Dataset = "d", Modality = seen, Volumes = volumes, Images = images }]).Surprise(isVolume, modality));

    [Fact]
    public void The_warning_stands_in_the_table_of_predictions()
    {
        using (var file = WeightsFile.Read(_folder["model.safetensors"]))
            WeightsFile.Write(_folder["of-images.safetensors"], file.Tensors, file.Card with { Data = [new DataSummary { Dataset = "d", Modality = "MR", Images = 4 }] });
        NiftiFile.Write(_folder["scan.nii"], Noise(9, 9, 9, Affine.Identity), NiftiDataType.Int16);
        var predicted = SegmentationPrediction.Run(
            _folder["of-images.safetensors"], [_folder["scan.nii"]], _folder["out"], new PredictSettings { Device = "cpu" }, cancellation: TestContext.Current.CancellationToken);
        Assert.Contains("is a volume; the model has learned from images alone", Assert.Single(predicted).Warnings);
    }

    [Fact]
    public void Weights_without_a_segmenter_are_refused()
    {
        TinyModel.WriteJoint(_folder["joint.safetensors"]);
        Assert.Contains("finetune", Assert.Throws<InputDataException>(() => Segmenter.Open(_folder["joint.safetensors"], "cpu")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"labels":[1,2],"decoder":{"decoder_widths":[60000,60000,60000,60000,60000],"narrowest_width":8}}""", "of more than")]
    [InlineData("""{"labels":[1,2],"decoder":{"narrowest_width":60000}}""", "of more than")]
    [InlineData("""{"labels":[1,2],"decoder":{"decoder_widths":[256,128,64,32,2000000000]}}""", "decoder_widths: received")]
    [InlineData("""{"labels":[1,2],"decoder":{"decoder_widths":[256]}}""", "decoder_widths: received [256]")]
    [InlineData("""{"labels":[1,2],"decoder":null}""", "can't be read")]
    [InlineData("""{"labels":[2,1]}""", "labels: received [2, 1]")]
    [InlineData("""{"labels":[1,1000000]}""", "labels: received")]
    [InlineData("""{"labels":"1"}""", "can't be read")]
    public void A_card_that_describes_more_than_its_file_holds_builds_no_net(string settings, string reason)
    {
        using (var file = WeightsFile.Read(_folder["model.safetensors"]))
            WeightsFile.Write(_folder["hostile.safetensors"], file.Tensors, file.Card.WithNet(SegmenterSettings.CardName, JsonNode.Parse(settings)!));
        Assert.Contains(reason, Assert.Throws<InputDataException>(() => Segmenter.Open(_folder["hostile.safetensors"], "cpu")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segmenter_with_a_number_that_is_none_is_refused_by_the_tensors_name()
    {
        using (var file = WeightsFile.Read(_folder["model.safetensors"]))
        {
            file.Tensors["decoder.blocks.1.conv1.0.weight"].view(-1)[3] = float.NaN;
            WeightsFile.Write(_folder["spoiled.safetensors"], file.Tensors, file.Card);
        }

        Assert.Contains("'decoder.blocks.1.conv1.0.weight' holds 1 NaN", Assert.Throws<InputDataException>(() => Segmenter.Open(_folder["spoiled.safetensors"], "cpu")).Message, StringComparison.Ordinal);
    }

    private sealed class StopAfterTwo(CancellationTokenSource stop) : IRunObserver
    {
        public void Log(string message)
        {
            if (message.Contains("(2 of 3)", StringComparison.Ordinal))
                stop.Cancel();
        }

        public void Warn(string message)
        {
        }

        public void Step(StepProgress progress)
        {
        }
    }

    private static Affine[] Affines { get; } =
    [
        Affine.FromSpacing(1, 1.2, 3),
        new(new double[,] { { -4, 0, 0, 31 }, { 0, -1, 0, 12 }, { 0, 0, 1.5, -7 } }),
        new(new double[,] { { 0, 0.1, 2, 5 }, { 1, 0, 0.05, -3 }, { 0.02, -1.1, 0, 8 } }),
    ];

    private IReadOnlyList<PredictedCase> Predict(params string[] names) => SegmentationPrediction.Run(
        _folder["model.safetensors"], [.. names.Select(n => _folder[n])], _folder["out"], new PredictSettings { Device = "cpu" },
        cancellation: TestContext.Current.CancellationToken);

    private static Volume Noise(int nx, int ny, int nz, Affine affine) => new(Values(new Random(3), nx * ny * nz), nx, ny, nz, affine);

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(256))];
}
