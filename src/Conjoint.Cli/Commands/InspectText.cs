using System.Globalization;
using System.Text;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Cli.Commands;

/// <summary>What <c>inspect</c> and <c>weights show</c> found, as lines for a terminal.</summary>
internal static class InspectText
{
    // More values than this are a picture's greys, not a person's labels.
    private const int ListedLabels = 24;
    private const string Unknown = "-";

    private static readonly string[] s_head = ["PATH", "FORMAT", "MODALITY", "SHAPE", "SPACING MM", "AXES", "TYPE", "MIN", "MAX", "MEAN"];

    /// <summary>Images and volumes as one table, where they follow each other; everything else as a block of lines.</summary>
    public static string Of(IReadOnlyList<object> found)
    {
        var text = new StringBuilder();
        for (var i = 0; i < found.Count;)
        {
            var entries = found.Skip(i).TakeWhile(thing => thing is InspectionEntry).Cast<InspectionEntry>().ToArray();
            text.Append(entries.Length > 0 ? Table(entries) : Of(found[i]));
            i += Math.Max(1, entries.Length);
        }

        return text.ToString();
    }

    public static string Of(object thing) => thing switch
    {
        StoreDescription store => Of(store),
        WeightsDescription weights => Of(weights),
        _ => throw new ArgumentException($"{thing.GetType().Name} has no text.", nameof(thing)),
    };

    /// <summary>A row an entry, and below it in whole lines what has no column.</summary>
    private static string Table(InspectionEntry[] entries)
    {
        string[][] rows = [s_head, .. entries.Select(Row)];
        var widths = s_head.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < rows.Length; i++)
        {
            text.Append(Block(string.Join("  ", rows[i].Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd(), i == 0 ? [] : Notes(entries[i - 1])));
        }

        return text.ToString();
    }

    private static string[] Row(InspectionEntry entry) =>
    [
        entry.Array is { } array ? $"{entry.Path}[{array}]" : entry.Path,
        entry.Format ?? "unreadable",
        entry.Modality ?? Unknown,
        entry.Shape is { } shape ? string.Join("×", shape) : Unknown,
        entry.SpacingMm is { } spacing ? string.Join("×", spacing.Select(Number)) : Unknown,
        entry.Orientation ?? Unknown,
        entry.DType ?? Unknown,
        entry.Min is { } min ? Number(min) : Unknown,
        entry.Max is { } max ? Number(max) : Unknown,
        entry.Mean is { } mean ? Number(mean) : Unknown,
    ];

    private static IEnumerable<string> Notes(InspectionEntry entry)
    {
        if (entry.Frames > 1)
            yield return $"{entry.Frames} frames";
        if (entry.Labels is { Count: <= ListedLabels } labels)
            yield return $"values: {string.Join(", ", labels.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key} in {l.Value}")))} voxels";
        else if (entry.Labels is { } many)
            yield return $"{many.Count} different values";
        if (entry.DuplicateOf is { } other)
            yield return $"the same content as {other}";
        foreach (var problem in entry.Problems)
            yield return problem;
    }

    private static string Of(StoreDescription store)
    {
        var lines = new List<string>
        {
            $"{store.Cases} cases of {store.Subjects} subjects: {store.Volumes} volumes, {store.Images} images, {store.Slices} slices",
            $"splits: {Counts(store.Splits)}",
            $"data sets: {Counts(store.Datasets)}",
            $"modalities: {Counts(store.Modalities)}",
            $"{store.WithMask} with a mask" + (store.CasesByLabel.Count > 0 ? $" (labels: {string.Join(", ", store.CasesByLabel.Select(l => $"{l.Key} in {l.Value}"))} cases)" : ""),
            $"prepared: {Prepared(store.Settings)}",
        };
        if (store.CasesByClass.Count > 0)
            lines.Add($"classes: {Counts(store.CasesByClass)}");
        else if (store.ClassNames.Count > 0)
            lines.Add($"classes: {string.Join(", ", store.ClassNames)}");
        if (store.BoxClasses.Count > 0)
            lines.Add($"boxes: {string.Join(", ", store.BoxClasses)}");
        if (store.Skipped > 0)
            lines.Add($"{store.Skipped} inputs were left out; {PreparedStore.SkippedFile} says why");
        if (store.Duplicates > 0)
            lines.Add($"{store.Duplicates} {(store.Duplicates == 1 ? "case has" : "cases have")} the same content as another");
        if (store.ContactSheet is { } picture)
            lines.Add($"picture of the cases: {picture}");
        return Block($"{store.Path}: store", [.. lines, .. store.Problems]);
    }

    private static string Prepared(PrepareSettings settings)
    {
        var rule = settings.Normalisation switch
        {
            IntensityRule.Default => FormattableString.Invariant($"CT from {settings.CtWindowLow} to {settings.CtWindowHigh} HU, other percentiles {settings.LowPercentile} to {settings.HighPercentile}"),
            IntensityRule.FileWindow => "the window that each file states",
            IntensityRule.Percentile => FormattableString.Invariant($"percentiles {settings.LowPercentile} to {settings.HighPercentile}"),
            _ => "the released code's rule",
        };
        return rule
            + (settings.Spacing is { } spacing ? $", spacing {spacing}" : "")
            + (settings.Crop is { } crop ? $", cut to {crop}" : "")
            + (settings.Pad is { } pad ? $", padded to {pad}" : "");
    }

    private static string Of(WeightsDescription weights)
    {
        var lines = new List<string>();
        if (weights.Card is { } card)
        {
            lines.Add($"preset {card.Preset}, method {card.Method}, stage {card.Stage}{(card.Task is { } task ? $", task {task}" : "")}, Conjoint {card.ConjointVersion}, licence {card.Licence}");
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"input: {card.Input.Size}×{card.Input.Size}, mean {card.Input.Mean}, std {card.Input.Std}"));
            lines.AddRange(card.Data.Select(d => $"learned from {d.Dataset} ({d.Modality}): {d.Subjects} subjects, {d.Volumes} volumes, {d.Images} images, {d.Slices} slices"));
        }
        else
        {
            lines.Add($"without Conjoint's card; {weights.Origin ?? "what wrote it is not known"}");
        }

        if (weights.Place is { } place)
            lines.Add($"found in the checkpoint under {place}");
        lines.AddRange(weights.Nets.Select(n => $"{n.Name}: {Count(n.Numbers)} numbers in {n.Tensors} {(n.Tensors == 1 ? "tensor" : "tensors")}"));
        return Block($"{weights.Path}: weights, {Count(weights.Numbers)} numbers in {weights.Tensors} tensors", lines);
    }

    /// <summary>Thousands apart, as a person reads them.</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Block(string head, IEnumerable<string> lines)
    {
        var text = new StringBuilder(head).Append('\n');
        foreach (var line in lines)
            text.Append("  ").Append(line).Append('\n');
        return text.ToString();
    }

    private static string Counts(IReadOnlyDictionary<string, int> counts) =>
        string.Join(", ", counts.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key} {c.Value}")));

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
