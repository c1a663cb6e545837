using System.Text.Json;
using Conjoint.Data;
using Conjoint.Data.Augmentation;
using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Tasks.Detection;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Prediction;
using Conjoint.TestSupport;
using Conjoint.Training.Monitoring;

namespace Conjoint.Tests.Tasks;

[Collection(GlobalGenerator.Name)]
public sealed class DetectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static readonly DetectionSettings s_tiny = new()
    {
        Seed = 3,
        Batch = 2,
        Steps = 60,
        LearningRate = 0.02,
        Validations = 2,
        Encoder = new SliceEncoderSettings { BaseWidth = 4, Blocks = [1, 1, 1, 1] },
        Size = 64,
        PyramidWidth = 16,
        HeadWidth = 32,
        Augmentation = SliceAugmentationSettings.None,
        Workers = 1,
        CheckpointSeconds = 1000,
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_learns_an_image_by_heart_and_predicts_what_it_learned()
    {
        using var store = Store([("a", Split.Train), ("b", Split.Train), ("t", Split.Test)]);
        // The test image is a training image under another name, so that its score says what was learned.
        File.Copy(_folder["store/cases/a/image.npy"], _folder["store/cases/t/image.npy"], overwrite: true);
        var a = store.Cases.Single(c => c.Id == "a");
        using var same = Rewrite(store, c => c.Id == "t" ? c with { Boxes = a.Boxes } : c);
        var result = Run(same, s_tiny with { Steps = 150 }, "run");
        Assert.InRange(result.Summary.Ap50, 0.99, 1);
        Assert.Equal(["filled", "frame"], result.Classes);

        // Everything that can be said of the run is there, and evaluate says the same.
        var evaluated = DetectionEvaluation.Run(_folder["run"], same, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(result.Summary.CocoAp, evaluated.Summary.CocoAp);
        var summary = MetricsReader.Read(_folder["run/metrics.jsonl"]).Single(l => l.Flag("summary"));
        Assert.Equal(result.Summary.Ap50, summary.Number("ap50"));
        Assert.Equal(result.Summary.Cpm, summary.Number("cpm"));
        Assert.Equal(result.Summary.Froc[0].Sensitivity, summary.Number("sensitivity_at_fppi_0_125"));
        Assert.Equal("detect", FineTunedModel.TaskOf(_folder["run"]));

        // In the pixels of the stored image.
        using (var detector = BoxDetector.Open(_folder["run"]))
        {
            foreach (var truth in a.Boxes)
            {
                var best = detector.Detect(same, a).Where(b => b.Class == truth.Class).MaxBy(b => b.Score)!;
                foreach (var (expected, actual) in new[] { (truth.X1, best.X1), (truth.Y1, best.Y1), (truth.X2, best.X2), (truth.Y2, best.Y2) })
                    Assert.InRange(actual, expected - 4, expected + 4);
            }
        }

        // predict writes what it finds as COCO does.
        File.Copy(_folder["store/cases/a/image.npy"], _folder["in.npy"]);
        var scan = Assert.Single(DetectionPrediction.Run(_folder["run"], [_folder["in.npy"]], _folder["out"], cancellation: TestContext.Current.CancellationToken));
        Assert.NotEmpty(scan.Boxes);
        using var coco = JsonDocument.Parse(File.ReadAllText(_folder["out/detections.json"]));
        Assert.Equal(scan.Boxes.Count, coco.RootElement.GetProperty("annotations").GetArrayLength());
        var first = coco.RootElement.GetProperty("annotations")[0];
        Assert.Equal([scan.Boxes[0].X1, scan.Boxes[0].Y1, scan.Boxes[0].X2 - scan.Boxes[0].X1, scan.Boxes[0].Y2 - scan.Boxes[0].Y1], first.GetProperty("bbox").EnumerateArray().Select(v => v.GetDouble()));
        Assert.True(File.Exists(_folder[$"out/{scan.Overlay}"]));
    }

    [Fact]
    public void A_run_that_is_stopped_every_few_steps_gives_the_bits_of_one_that_is_not()
    {
        using var store = Store([("a", Split.Train), ("b", Split.Train), ("c", Split.Train), ("v", Split.Validation), ("t", Split.Test)]);
        var settings = s_tiny with { Steps = 6, LearningRate = null, Augmentation = new DetectionSettings().Augmentation };
        var whole = Run(store, settings, "whole");
        DetectionResult? pieces = null;
        for (var attempts = 0; pieces is null; attempts++)
        {
            Assert.InRange(attempts, 0, 20);
            using var stop = new CancellationTokenSource();
            try
            {
                pieces = new DetectionFineTuning(settings).Run(store, "scratch", _folder["pieces"], resume: true, new StoppingObserver(stop, 4), stop.Token);
            }
            catch (OperationCanceledException)
            {
                // Goes on in the next attempt.
            }
        }

        Assert.Equal(File.ReadAllBytes(_folder["whole/weights.safetensors"]), File.ReadAllBytes(_folder["pieces/weights.safetensors"]));
        Assert.Equal(RunMetricsText.WithoutTimes(_folder["whole"]), RunMetricsText.WithoutTimes(_folder["pieces"]));
        Assert.Equal(whole.Summary.CocoAp, pieces.Summary.CocoAp);
    }

    /// <summary>The map of points is the inverse of the one that pixels are looked up by, so that boxes stay on what they are drawn around.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Boxes_move_with_their_images(int seed)
    {
        const int Size = 64;
        var change = SliceAugmentation.Draw(new SliceAugmentationSettings { RotationDegrees = 0, Scale = 0.3, Translation = 0.1, FlipProbability = 0.5 }, RandomStream.For(seed));
        var image = new float[Size * Size];
        for (var y = 20; y < 36; y++)
            image.AsSpan(y * Size + 24, 20).Fill(1);
        var moved = new float[image.Length];
        change.Warp(image, Size, moved);
        int[] lit = [.. Enumerable.Range(0, moved.Length).Where(i => moved[i] >= 0.5f)];
        var ((x1, y1), (x2, y2)) = (change.ToResult(24, 20, Size), change.ToResult(44, 36, Size));
        foreach (var (edge, expected) in new[] { (lit.Min(i => i % Size), Math.Min(x1, x2)), (lit.Max(i => i % Size) + 1, Math.Max(x1, x2)), (lit.Min(i => i / Size), y1), (lit.Max(i => i / Size) + 1, y2) })
            Assert.InRange(edge, expected - 0.51, expected + 0.51);
    }

    [Fact]
    public void What_cannot_be_learned_is_refused()
    {
        using var store = Store([("a", Split.Train)]);
        using var bare = Rewrite(store, c => c with { Boxes = [], HasBoxes = false });
        Assert.Contains("no image of the training split has boxes", Assert.Throws<InputDataException>(() => Run(bare, s_tiny, "run")).Message, StringComparison.Ordinal);
        Assert.Contains("multiple of 32", Assert.Throws<ConfigurationException>(() => Run(store, s_tiny with { Size = 70 }, "run")).Message, StringComparison.Ordinal);
        Assert.Contains("processor", Assert.Throws<ConfigurationException>(() => Run(store, s_tiny with { Device = "cuda" }, "run")).Message, StringComparison.Ordinal);
    }

    private PreparedStore Store(IEnumerable<(string, string)> items) => BoxStore.Write(_folder["store"], items);

    private PreparedStore Rewrite(PreparedStore store, Func<StoreCase, StoreCase> change)
    {
        File.WriteAllBytes(_folder["store/manifest.json"], StoreJson.Bytes(store.Manifest with { Cases = [.. store.Cases.Select(change)] }));
        return PreparedStore.Open(_folder["store"]);
    }

    private DetectionResult Run(PreparedStore store, DetectionSettings settings, string run) => new DetectionFineTuning(settings).Run(store, "scratch", _folder[run]);
}
