using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Objectives;
using Conjoint.Runtime;
using Conjoint.Tasks.Metrics;
using Conjoint.Tasks.Prediction;
using Conjoint.Tasks.Segmentation;
using Conjoint.TestSupport;
using static TorchSharp.torch;

namespace Conjoint.Tests.Tasks;

/// <summary>Segmentation of structures that overlap, from the table with masks in several columns to the predicted masks.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class OverlappingStructuresTests : IDisposable
{
    private const int Height = 40, Width = 36;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Masks_of_several_columns_become_sets_and_are_learned_scored_and_predicted_apart()
    {
        using var store = Prepare("mask,bone_mask=4", images: 4);
        Assert.All(store.Cases, c => Assert.True(c.HasLayers));
        Assert.Equal([1, 2, 4], store.MaskClasses);
        var (discs, bars) = Draw(0);
        var sets = new ushort[Height * Width];
        store.ReadMask(store.Cases[0], 0, 1, sets);
        Assert.Equal(discs.Zip(bars, (d, b) => (d > 0 ? 1 << (d - 1) : 0) + (b > 0 ? 8 : 0)), sets.Select(s => (int)s));
        Assert.Contains(sets, s => s is (1 | 8)); // they do overlap

        var settings = TinyModel.Segmentation with { Steps = 150, Batch = 3, LearningRate = 0.1, SurfaceDistances = true };
        var result = new SegmentationFineTuning(settings).Run(store, "scratch", _folder["run"], cancellation: TestContext.Current.CancellationToken);
        var score = Assert.Single(result.Test);
        Assert.Equal([1, 2, 4], score.Classes.Select(c => c.Label));
        Assert.All(score.Classes, c => Assert.InRange(c.Dice, 0.8, 1));

        // The written masks, structure by structure, give the figures again.
        var image = $"images/{Name(3)}.png";
        var predicted = Assert.Single(SegmentationPrediction.Run(_folder["run"], [_folder[image]], _folder["out"], new PredictSettings { Device = "cpu" }, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal([$"{predicted.Id}_mask_1.png", $"{predicted.Id}_mask_2.png", $"{predicted.Id}_mask_4.png"], predicted.Masks);
        (discs, bars) = Draw(3);
        foreach (var (k, label) in new[] { 1, 2, 4 }.Index())
        {
            var mask = ImageFile.ReadImage(_folder[$"out/{predicted.Masks[k]}"]).Pixels.Select(v => v == label).ToArray();
            var truth = label == 4 ? bars.Select(b => b > 0).ToArray() : [.. discs.Select(d => d == label)];
            Assert.Equal(2.0 * mask.Zip(truth).Count(p => p.First && p.Second) / (mask.Count(m => m) + truth.Count(t => t)), score.Classes[k].Dice, 12);
            Assert.Equal(mask.Count(m => m), predicted.Classes[k].Voxels);
            var distances = SurfaceDistances.Between(mask, truth, new VoxelGrid(1, Height, Width, IsPlanar: true));
            Assert.Equal((distances.Hd95, distances.Assd), (score.Classes[k].Hd95, score.Classes[k].Assd));
        }
    }

    [Fact]
    public void Plain_masks_and_sets_are_not_mixed_up()
    {
        using var layered = Prepare("mask,bone_mask=4", images: 3);
        TinyModel.WriteSegmenter(_folder["model.safetensors"], 1, 2);
        var fault = Assert.Throws<InputDataException>(() => SegmentationEvaluation.Run(_folder["model.safetensors"], layered, "train", "cpu", cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("expected masks of one sort", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'bone_mask=17'", Assert.Throws<ConfigurationException>(() => MaskColumns.Parse("mask,bone_mask=17")).Message, StringComparison.Ordinal);
    }

    /// <summary>By the definitions, in float64: mean of −log of the probability of what is true, and 1 − mean soft Dice.</summary>
    [Fact]
    public void The_loss_is_cross_entropy_and_dice_of_each_structure()
    {
        using var scope = NewDisposeScope();
        var random = new Random(5);
        var logits = new double[2 * 3 * 4];
        var sets = new long[2 * 4];
        for (var i = 0; i < logits.Length; i++)
            logits[i] = 4 * random.NextDouble() - 2;
        for (var i = 0; i < sets.Length; i++)
            sets[i] = random.Next(8);
        double entropy = 0, dice = 0;
        for (var l = 0; l < 3; l++)
        {
            double overlap = 0, total = 0;
            for (var i = 0; i < sets.Length; i++)
            {
                var p = 1 / (1 + Math.Exp(-logits[(i / 4 * 3 + l) * 4 + i % 4]));
                var t = sets[i] >> l & 1;
                entropy -= Math.Log(t == 1 ? p : 1 - p) / logits.Length;
                overlap += p * t;
                total += p + t;
            }

            dice += (2 * overlap + 1e-6) / (total + 1e-6) / 3;
        }

        var loss = LayeredSegmentationLoss.Loss(tensor(logits, [2, 3, 2, 2]), tensor(sets, [2, 2, 2]));
        Assert.Equal(entropy + 1 - dice, loss.item<double>(), 10);
    }

    private PreparedStore Prepare(string columns, int images)
    {
        var table = "image,mask,bone_mask,split\n";
        for (var i = 0; i < images; i++)
        {
            var (discs, bars) = Draw(i);
            var random = new Random(i);
            // Both structures add to the brightness, as in a radiograph.
            Write($"images/{Name(i)}.png", [.. discs.Zip(bars, (d, b) => 20 + 60 * d + b / 3f + random.Next(8))]);
            Write($"masks/{Name(i)}.png", [.. discs.Select(d => (float)d)]);
            Write($"bones/{Name(i)}.png", [.. bars.Select(b => (float)b)]);
            table += $"images/{Name(i)}.png,masks/{Name(i)}.png,bones/{Name(i)}.png,{(i == images - 1 ? "test" : "train")}\n";
        }

        File.WriteAllText(_folder["index.csv"], table);
        new Preparer(new PrepareSettings { MaskColumns = columns, Modality = Modality.XRay }).Run([_folder.Path], _folder["store"], cancellation: TestContext.Current.CancellationToken);
        return PreparedStore.Open(_folder["store"]);
    }

    private void Write(string name, float[] pixels)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        PngFile.Write(_folder[name], new Image(pixels, Width, Height), 8);
    }

    private static string Name(int i) => $"x{i}";

    /// <summary>Two discs, labels 1 and 2, and a bar of 255 that lies over both.</summary>
    private static (int[] Discs, int[] Bars) Draw(int seed)
    {
        var (discs, bars) = (new int[Height * Width], new int[Height * Width]);
        var shift = seed % 3;
        for (var i = 0; i < discs.Length; i++)
        {
            var (y, x) = (i / Width, i % Width);
            discs[i] = InDisc(y - 20 - shift, x - 9) ? 1 : InDisc(y - 20, x - 26 + shift) ? 2 : 0;
            bars[i] = y is >= 16 and < 24 && x > 4 + shift && x < 32 ? 255 : 0;
        }

        return (discs, bars);
    }

    private static bool InDisc(int dy, int dx) => dy * dy + dx * dx <= 64;
}
