using Conjoint.Data.Phantoms;

namespace Conjoint.Benchmarks.Learning;

/// <summary>Small phantoms for scale <c>tiny</c>, with a class of each chest: more nodules than the others, or fewer.</summary>
internal static class LearningPhantoms
{
    private static readonly PhantomSettings s_settings = new()
    {
        Ct = new SplitCounts(Train: 8, Validation: 2, Test: 2),
        Mr = new SplitCounts(Train: 2, Validation: 0, Test: 0),
        Radiographs = new SplitCounts(Train: 8, Validation: 2, Test: 2),
        Matrix = 48,
        Slices = 9,
        RadiographSize = 48,
    };

    public static void Write(string folder, CancellationToken cancellation)
    {
        PhantomDataSet.Write(folder, s_settings, cancellation);
        var nodules = File.ReadLines(Path.Combine(folder, "radiographs", "boxes.csv")).Skip(1).CountBy(line => line.Split(',')[6]).ToDictionary();
        foreach (var kind in new[] { "ct", "radiographs" })
            AddClass(Path.Combine(folder, kind, "index.csv"), nodules);
    }

    /// <summary>Column <c>label</c>: 1 for the half with more nodules, among training subjects and among the others, so that both have both classes.</summary>
    private static void AddClass(string table, Dictionary<string, int> nodules)
    {
        var lines = File.ReadAllLines(table);
        var columns = lines[0].Split(',');
        var (subject, split) = (Array.IndexOf(columns, "subject"), Array.IndexOf(columns, "split"));
        var rows = lines[1..].Select(line => line.Split(',')).ToList();
        var upper = rows.GroupBy(row => row[split] == "train")
            .SelectMany(side => side.OrderByDescending(row => nodules.GetValueOrDefault(row[subject])).ThenBy(row => row[subject], StringComparer.Ordinal).Take(side.Count() / 2))
            .Select(row => row[subject]).ToHashSet(StringComparer.Ordinal);
        File.WriteAllText(table, string.Concat(rows.Select(row => string.Join(',', [.. row, upper.Contains(row[subject]) ? "1" : "0"]) + "\n").Prepend(lines[0] + ",label\n")));
    }
}
