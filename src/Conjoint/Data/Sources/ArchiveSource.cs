using System.Globalization;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// Finds the cases of an NPZ archive by the shapes of its arrays: [n, x, y, z] is n volumes, [x, y, z] one volume, or n images
/// where its name ends in <c>images</c>; [n, h, w, 3 or 4] under such a name is n colour images. <c>…labels</c> beside
/// <c>…images</c> holds classes, or masks where its shape is that of the images; <c>…masks</c> holds masks. A name that begins
/// with train, val or test states the split (as MedMNIST's do).
/// </summary>
internal static class ArchiveSource
{
    private const string Images = "images";

    public static void Read(string path, string shown, string dataset, PrepareSettings settings, SourcePlan plan)
    {
        using var archive = NpzFile.Open(path);
        var shapes = archive.Names.ToDictionary(n => n, n => archive.ReadHeader(n).Shape);
        var companions = new HashSet<string>();
        foreach (var name in archive.Names.Where(n => n.EndsWith(Images, StringComparison.OrdinalIgnoreCase)))
        {
            var stem = name[..^Images.Length];
            companions.UnionWith(new[] { stem + "labels", stem + "masks" }.Where(shapes.ContainsKey));
        }

        foreach (var name in archive.Names.Where(n => !companions.Contains(n)))
        {
            if (Layout.Of(name, shapes[name]) is { } layout)
                AddArray(archive, path, shown, dataset, settings, plan, name, shapes, layout);
            else
                plan.Skipped.Add(new SkippedInput($"{shown}#{name}", $"has shape ({string.Join(", ", shapes[name])}); expected (n, x, y, z), (x, y, z) or images (n, rows, columns)", "unused"));
        }
    }

    /// <param name="Rows">Cases along the first axis; null when the whole array is one.</param>
    /// <param name="IsImage">Whether a case is a plain image; otherwise a volume.</param>
    private sealed record Layout(int? Rows, bool IsImage)
    {
        public static Layout? Of(string name, IReadOnlyList<int> shape)
        {
            var isImages = name.EndsWith(Images, StringComparison.OrdinalIgnoreCase);
            return shape.Count switch
            {
                _ when shape.Contains(0) => null,
                4 when isImages && shape[3] is 3 or 4 => new Layout(shape[0], true),
                4 => new Layout(shape[0], false),
                3 when isImages => new Layout(shape[0], true),
                3 => new Layout(null, false),
                2 => new Layout(null, true),
                _ => null,
            };
        }
    }

    private static void AddArray(NpzFile archive, string path, string shown, string dataset, PrepareSettings settings, SourcePlan plan, string name, Dictionary<string, IReadOnlyList<int>> shapes, Layout layout)
    {
        var isImages = name.EndsWith(Images, StringComparison.OrdinalIgnoreCase);
        var stem = isImages ? name[..^Images.Length] : name;
        var labels = isImages && shapes.ContainsKey(stem + "labels") ? stem + "labels" : null;
        var masks = isImages && shapes.ContainsKey(stem + "masks") ? stem + "masks" : null;
        if (labels is not null && masks is null && shapes[labels].Count >= 3)
            (labels, masks) = (null, labels);

        var classes = labels is null ? null : Classes(archive, labels, layout.Rows ?? 1, $"{shown}#{labels}", plan);
        var split = Split.Parse(stem.TrimEnd('_').Split('_')[0]);
        var source = FileNames.Stem(path);
        for (var row = 0; row < (layout.Rows ?? 1); row++)
        {
            var number = layout.Rows is null ? "" : "-" + row.ToString("D5", CultureInfo.InvariantCulture);
            int? place = layout.Rows is null ? null : row;
            plan.Cases.Add(new CasePlan
            {
                Source = $"{shown}#{name}{number}",
                Dataset = dataset,
                Subject = $"{source}-{stem.TrimEnd('_')}{number}",
                Content = new ArchiveContent(path, name, place, layout.IsImage),
                Mask = masks is null ? null : new ArchiveContent(path, masks, place, layout.IsImage),
                Split = split,
                Label = classes?[row],
                Modality = settings.Modality,
            });
        }
    }

    private static string[]? Classes(NpzFile archive, string name, int rows, string shown, SourcePlan plan)
    {
        var shape = archive.ReadHeader(name).Shape;
        if (shape.Count is < 1 or > 2 || shape[0] != rows || (shape.Count == 2 && shape[1] != 1))
        {
            plan.Skipped.Add(new SkippedInput(shown, $"has shape ({string.Join(", ", shape)}); expected one class for each of {rows} cases", "label"));
            return null;
        }

        return [.. archive.Read(name).ToSingle().Select(v => v.ToString(CultureInfo.InvariantCulture))];
    }
}
