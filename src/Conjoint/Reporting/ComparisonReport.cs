using Conjoint.Imaging;
using Conjoint.Training;
using Conjoint.Training.ReportData;

namespace Conjoint.Reporting;

/// <summary>
/// The report of a comparison of starting weights, as <c>conjoint demo</c> makes it: pre-trained against scratch over several
/// seeds, with the pre-training itself. One HTML file that works offline. The page tells its reader that the arms differ in their
/// starting weights only (same cases, steps and rate; test subjects seen by neither): whoever made the runs answers for that.
/// </summary>
public static class ComparisonReport
{
    /// <summary>
    /// Writes <c>FOLDER/report.html</c>. Scores are read from <c>FOLDER/metrics.jsonl</c> and from the metrics of the runs
    /// <c>FOLDER/finetune/ARM-seedN</c>; the pre-training's curves from <c>FOLDER/pretrain</c>, where there is one.
    /// </summary>
    /// <param name="folder">The folder of the comparison.</param>
    /// <returns>The path of the report.</returns>
    /// <exception cref="InputDataException">The folder or its metrics are missing, hold no comparison, or a file is damaged.</exception>
    public static string Write(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new InputDataException(folder, "no such folder; expected the folder of a demo or comparison.");

        var comparison = Comparison.Read(folder);
        var whole = new RunFolder(folder);
        var pretraining = new RunFolder(Path.Combine(folder, "pretrain"));
        var classNames = ClassNames(comparison, whole);
        var path = Path.Combine(folder, "report.html");
        Page.Write(path, "Pre-trained against from scratch", Lead(comparison),
        [
            new Section("result", "Result", ComparisonSections.Result(comparison, classNames)),
            new Section("overview", "What was run", Overview(whole, pretraining, comparison)),
            new Section("cases", "Test cases", Markup.Join(comparison.Arms.Where(arm => arm != Comparison.Baseline).Select(arm => ComparisonSections.CaseTable(comparison, arm)))),
            new Section("overlays", "Predicted and true masks", ComparisonSections.Overlays(comparison, classNames)),
            new Section("finetuning", "Fine-tuning", ComparisonSections.Curves(comparison)),
            .. File.Exists(pretraining.Metrics) ? RunReport.Learning(pretraining, RunMetrics.Read(pretraining)) : [],
        ]);
        return path;
    }

    private static Markup Lead(Comparison comparison) => Markup.Of(
        $"The same network, the same few labelled cases, the same number of steps: once started from weights pre-trained without labels, once from random weights. {comparison.Runs.Count} fine-tuning runs.");

    private static Markup Overview(RunFolder whole, RunFolder pretraining, Comparison comparison)
    {
        var first = comparison.Runs.MinBy(run => run.Seed)!.Folder;
        return Markup.Join(
        [
            OverviewSection.Run(ReportFiles.ReadRun(whole)),
            OverviewSection.Data(ReportFiles.ReadData(whole)),
            Part("Pre-training", pretraining),
            Part("Fine-tuning", first),
        ]);
    }

    private static Markup Part(string name, RunFolder folder)
    {
        var content = OverviewSection.Content(folder);
        return content.Html.Trim().Length == 0 ? Markup.Empty : Markup.Of($"<h3>{name}</h3>{content}");
    }

    private static IReadOnlyDictionary<int, string> ClassNames(Comparison comparison, RunFolder whole) => comparison.Runs
        .Select(run => run.Folder).Prepend(whole)
        .Select(folder => ReportFiles.ReadData(folder)?.ClassNames)
        .FirstOrDefault(names => names is { Count: > 0 }) ?? new Dictionary<int, string>();
}
