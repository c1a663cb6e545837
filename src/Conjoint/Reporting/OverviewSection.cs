using Conjoint.Training;
using Conjoint.Training.ReportData;

namespace Conjoint.Reporting;

/// <summary>What was run on what.</summary>
internal static class OverviewSection
{
    public static Markup Content(RunFolder folder)
    {
        var run = ReportFiles.ReadRun(folder);
        var data = ReportFiles.ReadData(folder);
        return Markup.Join([Run(run), Data(data), Configuration(folder)]);
    }

    public static Markup Run(RunSummary? run)
    {
        if (run is null)
            return Markup.Empty;
        var facts = new List<(string, Markup)>();
        if (run.Seed is { } seed)
            facts.Add(("Seed", Markup.Of($"{seed}")));
        facts.AddRange(run.Facts.Concat(run.Versions).Select(fact => (fact.Key, Markup.Of($"{CommandText.WithoutFolders(fact.Value)}"))));
        return Markup.Join(
        [
            Page.Facts(facts),
            run.Command is { } command ? Markup.Of($"""<pre class="command"><code>{command}</code></pre>""") : Markup.Empty,
        ]);
    }

    public static Markup Data(DataSummary? data)
    {
        if (data is null || data.DataSets.Count == 0)
            return Markup.Empty;
        var table = Page.Table(
            Markup.Of($"The data. Cases of one subject are always in the same part: training, validation or test."),
            ["Data set", "Modality", "Subjects", "Volumes", "Images", "Slices", "Training", "Validation", "Test"],
            data.DataSets.Select(set => Markup.Of($"""
                <tr><th scope="row">{set.Name}</th><td class="num">{set.Modality}</td><td class="num">{set.Subjects}</td><td class="num">{set.Volumes}</td><td class="num">{set.Images}</td><td class="num">{set.Slices}</td><td class="num">{set.Train}</td><td class="num">{set.Validation}</td><td class="num">{set.Test}</td></tr>
                """)));
        return table;
    }

    /// <summary>The resolved configuration, folded away; folders are left out of it.</summary>
    public static Markup Configuration(RunFolder folder) => File.Exists(folder.Config)
        ? Markup.Of($"<details><summary>All settings of the run (config.yaml)</summary><pre><code>{CommandText.WithoutFolders(File.ReadAllText(folder.Config))}</code></pre></details>")
        : Markup.Empty;
}
