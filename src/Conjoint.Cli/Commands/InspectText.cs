using System.Globalization;
using System.Text;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Cli.Commands;

/// <summary>What <c>inspect</c> and <c>weights show</c> found, as lines for a terminal.</summary>
internal static class InspectText
{
    public static string Of(object thing) => thing switch
    {
        InspectionEntry entry => Of(entry),
        StoreDescription store => Of(store),
        WeightsDescription weights => Of(weights),
        _ => throw new ArgumentException($"{thing.GetType().Name} has no text.", nameof(thing)),
    };

    private static string Of(InspectionEntry entry)
    {
        var facts = new List<string?>
        {
            entry.Format ?? "unreadable",
            entry.Shape is { } shape ? string.Join("×", shape) : null,
            entry.SpacingMm is { } spacing ? $"{string.Join("×", spacing.Select(Number))} mm" : null,
            entry.Orientation,
            entry.DType,
            entry.Min is { } min && entry.Max is { } max ? $"{Number(min)} to {Number(max)}, mean {Number(entry.Mean ?? double.NaN)}" : null,
            entry.Frames > 1 ? $"{entry.Frames} frames" : null,
            entry.Labels is { } labels ? $"{labels.Count} {(labels.Count == 1 ? "value" : "values")}" : null,
        };
        var name = entry.Array is { } array ? $"{entry.Path}[{array}]" : entry.Path;
        return Block($"{name}: {string.Join(", ", facts.OfType<string>())}", entry.Problems);
    }

    private static string Of(StoreDescription store)
    {
        var lines = new List<string>
        {
            $"{store.Cases} cases of {store.Subjects} subjects: {store.Volumes} volumes, {store.Images} images, {store.Slices} slices",
            $"splits: {Counts(store.Splits)}",
            $"data sets: {Counts(store.Datasets)}",
            $"modalities: {Counts(store.Modalities)}",
            $"{store.WithMask} with a mask" + (store.MaskClasses.Count > 0 ? $" (labels {string.Join(", ", store.MaskClasses)})" : ""),
        };
        if (store.ClassNames.Count > 0)
            lines.Add($"classes: {string.Join(", ", store.ClassNames)}");
        if (store.BoxClasses.Count > 0)
            lines.Add($"boxes: {string.Join(", ", store.BoxClasses)}");
        if (store.Skipped > 0)
            lines.Add($"{store.Skipped} inputs were left out; {PreparedStore.SkippedFile} says why");
        return Block($"{store.Path}: store", [.. lines, .. store.Problems]);
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
            lines.Add("without Conjoint's card: another program wrote it");
        }

        if (weights.Place is { } place)
            lines.Add($"found in the checkpoint under {place}");
        lines.AddRange(weights.Nets.Select(n => $"{n.Name}: {Count(n.Numbers)} numbers in {n.Tensors} tensors"));
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
