using System.Globalization;
using System.Text;
using Conjoint.Data;

namespace Conjoint.Cli.Commands;

/// <summary>What a preparation did, as lines for a terminal.</summary>
internal static class PrepareText
{
    // A data set with a systematic fault would fill the screen; the file holds them all.
    private const int ListedInputs = 10;

    public static string Of(PrepareSummary summary)
    {
        var text = new StringBuilder();
        void Line(string line) => text.Append(line).Append('\n');

        Line($"{summary.Store}: {summary.Cases} cases ({summary.Volumes} volumes, {summary.Images} images; {summary.WithMask} with a mask), {Counts(summary.Splits)}");
        Line(string.Create(CultureInfo.InvariantCulture, $"  written {summary.Written}, kept {summary.Kept}, removed {summary.Removed}, {summary.Bytes / 1e6:0.0} MB in all; data sets: {Counts(summary.Datasets)}"));
        foreach (var set in summary.Expected)
            Line(string.Create(CultureInfo.InvariantCulture, $"  {set.Dataset}: {set.Found} cases, {set.Train} of them for training; the paper's Table 1 counts {set.Table1}"));
        foreach (var warning in summary.Warnings)
            Line($"  warning: {warning}");
        if (summary.Skipped.Count > 0)
            Line($"  left out {summary.Skipped.Count} (all in {Path.Combine(summary.Store, PreparedStore.SkippedFile)}):");
        foreach (var input in summary.Skipped.Take(ListedInputs))
            Line($"    {input.Path}: {input.Reason}");
        return text.ToString();
    }

    private static string Counts(IReadOnlyDictionary<string, int> counts) => string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}"));
}
