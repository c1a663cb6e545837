using Conjoint.Imaging;
using Conjoint.Training;
using Conjoint.Training.ReportData;

namespace Conjoint.Reporting;

/// <summary>
/// The report of one run: one HTML file that works offline. It shows what the run folder holds and leaves out what it lacks, so it
/// can be made at any time, also while the run goes on.
/// </summary>
public static class RunReport
{
    /// <summary>Writes <c>RUN/report.html</c>, replacing an older one.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <returns>The path of the report.</returns>
    /// <exception cref="InputDataException">There is no such folder, it holds no metrics, or a file in it is damaged.</exception>
    public static string Write(string runFolder)
    {
        var folder = Open(runFolder);
        var metrics = RunMetrics.Read(folder);
        var title = ReportFiles.ReadRun(folder)?.Title ?? (metrics.Stages.Contains("finetune") ? "Fine-tuning" : "Pre-training");
        Page.Write(folder.Report, title, Lead(metrics),
        [
            new Section("overview", "What was run", OverviewSection.Content(folder)),
            .. Learning(folder, metrics),
        ]);
        return folder.Report;
    }

    /// <summary>The parts about what was learned, used by the report of a comparison too.</summary>
    internal static IEnumerable<Section> Learning(RunFolder folder, RunMetrics metrics)
    {
        var classNames = ReportFiles.ReadData(folder)?.ClassNames ?? new Dictionary<int, string>();
        yield return new Section("summary", "How it went", Markup.Of($"{AlarmSection.Content(metrics)}{TrainingSection.Summary(metrics)}"));
        yield return new Section("scores", "Test scores", Scores(folder, metrics, classNames));
        yield return DetectionSection.Fits(metrics)
            ? new Section("boxes", "Found and true boxes", DetectionSection.Pictures(folder, classNames))
            : new Section("masks", "Predicted and true masks", PictureSections.Overlays(folder));
        foreach (var stage in metrics.Stages)
        {
            var validation = stage == "finetune" ? ScoreSection.Validation(metrics) : Markup.Empty;
            yield return new Section("stage-" + stage, StageNames.Title(stage), Markup.Of($"{validation}{TrainingSection.Stage(metrics, stage)}"));
        }

        yield return new Section("prototypes", "Nearest samples of the prototypes", PictureSections.Prototypes(folder));
        yield return new Section("map", "Map of the embeddings", PictureSections.EmbeddingMaps(folder));
    }

    private static Markup Scores(RunFolder folder, RunMetrics metrics, IReadOnlyDictionary<int, string> classNames) =>
        ProbeSection.Fits(metrics) ? ProbeSection.Content(metrics)
        : DetectionSection.Fits(metrics) ? DetectionSection.Content(folder, metrics, classNames)
        : ClassificationSection.Fits(metrics) ? ClassificationSection.Content(metrics, classNames)
        : ScoreSection.Cases(metrics, classNames);

    internal static RunFolder Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var folder = new RunFolder(path);
        if (!Directory.Exists(path))
            throw new InputDataException(path, "no such folder; expected the folder of a run.");
        if (!File.Exists(folder.Metrics))
            throw new InputDataException(path, "holds no metrics.jsonl; expected the folder of a run, as 'conjoint pretrain --out' makes it.");
        return folder;
    }

    private static Markup Lead(RunMetrics metrics)
    {
        if (metrics.TestSummary is { } test && test.Number("dice") is { } dice)
            return Markup.Of($"Mean Dice on {test.Integer("cases") ?? metrics.TestCases.Count} test cases: {Figures.Score(dice)}, mean IoU: {Figures.Score(test.Number("iou"))}.");
        if (ClassificationSection.Lead(metrics.TestSummary) is { } classified)
            return classified;
        if (DetectionSection.Lead(metrics.TestSummary) is { } detected)
            return detected;
        if (ProbeSection.Lead(metrics) is { } probed)
            return probed;
        if (metrics.Stages.Count == 0)
            return Markup.Of($"The run has not finished a step yet.");
        return metrics.Stages.Contains("finetune")
            ? Markup.Of($"The run has no test scores yet.")
            : Markup.Of($"Learned without labels in {metrics.Stages.Count} {(metrics.Stages.Count == 1 ? "stage" : "stages")}: {string.Join(", ", metrics.Stages)}.");
    }
}
