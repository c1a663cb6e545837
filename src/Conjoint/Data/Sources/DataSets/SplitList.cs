using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// Splits of the user's own for a known data set: <c>splits.csv</c> in its folder, with the columns <c>subject</c> and
/// <c>split</c>. It goes over the owners' lists, so that a publication's split can be repeated.
/// </summary>
internal static class SplitList
{
    public const string FileName = "splits.csv";

    /// <summary>Gives every case the split of its subject; subjects that the list leaves out are left out.</summary>
    /// <exception cref="InputDataException">The list can't be read, or names a split that is none.</exception>
    public static void Apply(SetFolder folder, SourcePlan plan)
    {
        var path = Path.Combine(folder.Path, FileName);
        if (!File.Exists(path))
            return;
        var splits = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in Table.Read(path, "subject").Rows)
        {
            if (row["subject"] is not { } subject)
                continue;
            splits[subject] = row["split"] is { } word && Split.Parse(word) is { } split
                ? split
                : throw new InputDataException(path, $"line {row.Line}: the split of {subject} is '{row["split"]}'; expected train, val or test");
        }

        var strange = splits.Keys.Except(plan.Cases.Select(c => c.Subject)).Count();
        if (strange > 0)
            plan.Warnings.Add($"{folder.Show(path)} names {strange} subjects that are not there.");
        var cases = plan.Cases.ToArray();
        plan.Cases.Clear();
        foreach (var plannedCase in cases)
        {
            if (splits.TryGetValue(plannedCase.Subject, out var split))
                plan.Cases.Add(plannedCase with { Split = split });
            else
                plan.Skipped.Add(new SkippedInput(plannedCase.Source, $"its subject {plannedCase.Subject} is not in {FileName}", "split"));
        }
    }
}
