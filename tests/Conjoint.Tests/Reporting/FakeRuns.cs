using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Conjoint.Training.ReportData;

namespace Conjoint.Tests.Reporting;

/// <summary>Run folders with invented numbers and drawn ellipses: nothing in them was trained or measured.</summary>
internal static class FakeRuns
{
    private const int Side = 48;
    private const double Prototypes = 16;

    private static readonly Dictionary<int, string> ClassNames = new() { [1] = "lung", [2] = "heart" };

    /// <summary>A healthy run of three stages with everything that a report can show.</summary>
    public static RunFolder Pretraining(string path, int steps = 60, bool collapsed = false)
    {
        var folder = RunFolder.Create(path);
        var random = new Random(1);
        using (var log = RunLog.Create(folder))
        {
            Stage(log, random, "slices", steps, Math.Log(Prototypes), collapsed);
            Stage(log, random, "masked", steps, 9.5, false);
            Stage(log, random, "volumes", steps, Math.Log(Prototypes), false);
        }

        File.WriteAllText(folder.Config, "seed: 3\ndata: [/home/somebody/scans/store]\nslices:\n  epochs: 6\n");
        ReportFiles.Write(folder, new RunSummary
        {
            Title = "Pre-training",
            Command = CommandText.From(["pretrain", "--data", "/home/somebody/scans/store", "--preset", "tiny", "--out", "run"]),
            Seed = 3,
            Facts = new Dictionary<string, string> { ["Preset"] = "tiny", ["Method"] = "swav", ["Device"] = "CPU, 2 threads", ["Precision"] = "bf16" },
            Versions = new Dictionary<string, string> { ["Conjoint"] = "0.1.0", ["libtorch"] = "2.10.0", [".NET"] = "10.0" },
        });
        ReportFiles.Write(folder, new DataSummary
        {
            DataSets =
            [
                new DataSetSummary { Name = "thorax", Modality = "CT", Subjects = 24, Volumes = 24, Slices = 576, Train = 16, Validation = 4, Test = 4 },
                new DataSetSummary { Name = "heart", Modality = "MR", Subjects = 12, Volumes = 12, Slices = 240, Train = 8, Validation = 2, Test = 2 },
                new DataSetSummary { Name = "chest <film>", Modality = "X-ray", Subjects = 24, Images = 24, Slices = 24, Train = 16, Validation = 4, Test = 4 },
            ],
        });
        ReportFiles.Write(folder, Neighbours(random, "slices"));
        ReportFiles.Write(folder, Map(random, "slices", 300));
        ReportFiles.Write(folder, Map(random, "volumes", 60));
        return folder;
    }

    /// <summary>A fine-tuning run that was tested on some cases.</summary>
    public static RunFolder FineTuning(string path, double quality, int seed, int cases = 6)
    {
        var folder = RunFolder.Create(path);
        var random = new Random((int)(1000 * quality) + seed);
        var lines = new List<MetricsLine>();
        using (var log = RunLog.Create(folder))
        {
            for (var step = 0; step < 80; step++)
            {
                log.Write(new MetricsLine("finetune").Add("epoch", step / 8).Add("step", step)
                    .Add("loss", (1.6 * Math.Exp(-step / 25.0)) + (0.4 * (1 - quality)) + (0.08 * random.NextDouble()))
                    .Add("lr", 0.01).Add("samples_per_second", 30 + (4 * random.NextDouble())).Add("data_wait_fraction", 0.005));
                if (step % 8 == 7)
                {
                    var dice = quality * (1 - Math.Exp(-(step + 4) / 20.0));
                    log.Write(new MetricsLine("finetune").Add("split", "val").Add("epoch", step / 8).Add("dice", dice).Add("iou", dice / (2 - dice)));
                }
            }

            for (var i = 0; i < cases; i++)
            {
                var lung = Math.Clamp(quality + 0.1 + (0.1 * (random.NextDouble() - 0.5)), 0, 1);
                var heart = Math.Clamp(quality - 0.1 + (0.2 * (random.NextDouble() - 0.5)), 0, 1);
                lines.Add(Scores(new MetricsLine("test").Add("split", "test").Add("case", $"thorax-{i + 20:00}"), lung, i == 3 ? null : heart));
                log.Write(lines[^1]);
            }

            log.Write(Means(new MetricsLine("test").Add("split", "test").Add("summary", true).Add("cases", cases), lines));
        }

        ReportFiles.Write(folder, new RunSummary { Title = "Fine-tuning: segmentation", Seed = seed, Command = "conjoint finetune segment" });
        ReportFiles.Write(folder, new DataSummary { ClassNames = ClassNames });
        ReportFiles.Write(folder, new OverlayPictures { Pictures = [.. Enumerable.Range(0, 4).Select(i => Overlay(i, quality))] });
        return folder;
    }

    /// <summary>A comparison over seeds; <paramref name="gain"/> is what pre-training adds to Dice.</summary>
    public static string Comparison(string path, double gain, int seeds = 3)
    {
        Pretraining(Path.Combine(path, "pretrain"));
        using var log = MetricsLog.Open(Path.Combine(path, "metrics.jsonl"));
        foreach (var (arm, quality) in new[] { ("pretrained", 0.62 + gain), ("scratch", 0.62) })
        {
            var summaries = new List<MetricsLine>();
            for (var seed = 0; seed < seeds; seed++)
            {
                var run = FineTuning(Path.Combine(path, "finetune", $"{arm}-seed{seed}"), quality + (0.02 * (seed - 1)), seed);
                var test = MetricsReader.Read(run.Metrics).Single(line => line.Flag("summary"));
                summaries.Add(test);
                var line = new MetricsLine("comparison").Add("arm", arm).Add("seed", seed);
                foreach (var key in Keys)
                    line.Add(key, test.Number(key)!.Value);
                log.Write(line);
            }

            var summary = new MetricsLine("comparison").Add("arm", arm).Add("summary", true);
            foreach (var key in Keys.Take(2))
            {
                var values = summaries.Select(line => line.Number(key)!.Value).ToArray();
                summary.Add(key + "_mean", values.Average());
                if (seeds > 1)
                    summary.Add(key + "_std", Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (seeds - 1)));
            }

            log.Write(summary);
        }

        return path;
    }

    private static string[] Keys { get; } = ["dice", "iou", "dice_class_1", "dice_class_2"];

    private static void Stage(RunLog log, Random random, string stage, int steps, double start, bool collapsed)
    {
        var epochs = 6;
        for (var step = 0; step < steps; step++)
        {
            var progress = (double)step / steps;
            var loss = progress < 0.15 ? start : start * (0.35 + (0.65 * Math.Exp(-4 * (progress - 0.15))));
            log.Write(new MetricsLine(stage).Add("epoch", step * epochs / steps).Add("step", step)
                .Add("loss", loss + (0.12 * (random.NextDouble() - 0.5)))
                .Add("lr", 0.3 * (progress < 0.1 ? progress / 0.1 : 0.5 * (1 + Math.Cos(Math.PI * (progress - 0.1) / 0.9))))
                .Add("samples_per_second", 41 + (6 * random.NextDouble()))
                .Add("data_wait_fraction", 0.004 + (0.01 * random.NextDouble())));
            if ((step + 1) % (steps / epochs) != 0)
                continue;
            var rank = collapsed ? 1.2 : 2 + (6 * progress);
            var end = new MetricsLine(stage).Add("epoch", step * epochs / steps)
                .Add("embedding_std", collapsed ? 0.03 : 0.5 + (0.4 * progress)).Add("effective_rank", rank);
            log.Write(stage == "masked" ? end : end.Add("prototype_usage_entropy", 0.93 + (0.05 * progress)).Add("ln_k", Math.Log(Prototypes)));
        }
    }

    private static MetricsLine Scores(MetricsLine line, double lung, double? heart)
    {
        var dice = heart is { } both ? (lung + both) / 2 : lung;
        line.Add("dice", dice).Add("iou", dice / (2 - dice)).Add("dice_class_1", lung);
        return heart is { } value ? line.Add("dice_class_2", value) : line;
    }

    private static MetricsLine Means(MetricsLine line, IReadOnlyList<MetricsLine> cases)
    {
        foreach (var key in Keys)
            line.Add(key, cases.Select(scores => scores.Number(key)).OfType<double>().Average());
        return line;
    }

    private static PrototypeNeighbours Neighbours(Random random, string stage) => new()
    {
        Stage = stage,
        Total = (int)Prototypes,
        Prototypes = [.. Enumerable.Range(0, 5).Select(k => new PrototypeNeighbours.Prototype(k * 3, 0.11 - (0.01 * k),
            [.. Enumerable.Range(0, 7).Select(i => new PrototypeNeighbours.Neighbour(
                k == 2 ? "heart" : "thorax", 0.98 - (0.02 * i), SlicePicture.Grey(Slice(0.12 + (0.05 * k) + (0.01 * random.NextDouble()), out _), Side, Side)))]))],
    };

    private static EmbeddingMap Map(Random random, string level, int count)
    {
        var centres = new[] { ("thorax", -1.0, 0.3), ("heart", 1.2, 0.8), ("chest <film>", 0.2, -1.3) };
        var data = new float[count * 8];
        for (var i = 0; i < count; i++)
        {
            var (_, x, y) = centres[i % 3];
            for (var f = 0; f < 8; f++)
                data[(i * 8) + f] = (float)((f == 0 ? x : f == 1 ? y : 0) + (0.35 * (random.NextDouble() + random.NextDouble() - 1)));
        }

        var plane = PrincipalPlane.Of(data, count);
        return new EmbeddingMap
        {
            Level = level,
            Explained = plane.Explained,
            Points = [.. plane.Points.Select((point, i) => new EmbeddingMap.Point(point.X, point.Y, centres[i % 3].Item1))],
        };
    }

    private static OverlayPictures.Picture Overlay(int i, double quality)
    {
        var slice = Slice(0.2 + (0.02 * i), out var truth);
        _ = Slice((0.2 + (0.02 * i)) * (0.5 + (0.5 * quality)), out var prediction);
        return new OverlayPictures.Picture($"thorax-{i + 20:00}", 10 + i, SlicePicture.WithMasks(slice, truth, prediction, Side, Side));
    }

    /// <summary>An ellipse of a body with two dark lungs and a bright heart.</summary>
    private static float[] Slice(double size, out int[] mask)
    {
        var slice = new float[Side * Side];
        mask = new int[Side * Side];
        for (var i = 0; i < slice.Length; i++)
        {
            var (x, y) = (((i % Side) + 0.5) / Side, ((i / Side) + 0.5) / Side);
            var body = Inside(x, y, 0.5, 0.5, 0.44, 0.34);
            mask[i] = Inside(x, y, 0.54, 0.56, size * 0.5, size * 0.5) ? 2 : Inside(x, y, 0.3, 0.5, size * 0.6, size) || Inside(x, y, 0.7, 0.5, size * 0.6, size) ? 1 : 0;
            slice[i] = !body ? 0.02f : mask[i] switch { 1 => 0.15f, 2 => 0.75f, _ => 0.5f };
        }

        return slice;
    }

    private static bool Inside(double x, double y, double cx, double cy, double rx, double ry) =>
        Math.Pow((x - cx) / rx, 2) + Math.Pow((y - cy) / ry, 2) < 1;
}
