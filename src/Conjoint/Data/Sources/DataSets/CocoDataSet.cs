using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// Images with boxes in COCO's format: <c>instances_*.json</c> or <c>*.coco.json</c>, or any other <c>.json</c> where there is none of these.
/// An image lies beside the file, below a folder above it, or anywhere in the set under a name that is there once.
/// </summary>
/// <remarks>Layout: https://cocodataset.org/#download, and exports of annotation tools, which put the file beside the images.</remarks>
internal sealed class CocoDataSet : IDataSet
{
    private static readonly char[] s_separators = ['_', '-', '.', ' '];

    public string Name => "COCO";

    public DataSetFacts Facts { get; } = new("images with boxes in a COCO json", "your own labelled data", "its own", "https://cocodataset.org/#format-data");

    public bool Recognises(SetFolder folder) => folder.Files.Any(IsNamedAsCoco);

    public void Plan(SetFolder folder, PrepareSettings settings, SourcePlan plan)
    {
        var named = folder.Files.Where(IsNamedAsCoco).ToArray();
        var files = named.Length > 0 ? named : [.. folder.Ending(".json")];
        if (files.Length == 0)
            throw folder.Lacks(this, "annotation file such as instances_train.json");
        var byName = folder.Files.ToLookup(f => Path.GetFileName(f), StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
            Add(folder, file, byName, seen, settings, plan);
    }

    private static void Add(SetFolder folder, string path, ILookup<string, string> byName, HashSet<string> seen, PrepareSettings settings, SourcePlan plan)
    {
        var coco = CocoFile.Read(path);
        var title = Path.GetFileName(folder.Path);
        var split = SplitOf(folder, path);
        var boxes = Boxes(folder, path, coco, plan);
        foreach (var (row, image) in coco.Images!.Index())
        {
            try
            {
                if (image?.FileName is not { Length: > 0 } stated)
                    throw new InputDataException(folder.Show(path), "has no file_name");
                var file = Find(folder, path, stated, byName);
                if (!seen.Add(file))
                    throw new InputDataException(stated, "is named twice; the first counts");
                plan.Cases.Add(new CasePlan
                {
                    Source = folder.Show(file), Dataset = title, Subject = image.Subject is { Length: > 0 } subject ? subject : FileNames.Stem(file),
                    Content = new FileContent(file), Split = split, Modality = settings.Modality, Boxes = new BoxPlan([.. boxes[image.Id]], image.Width, image.Height),
                });
            }
            catch (InputDataException error)
            {
                plan.Skipped.Add(new SkippedInput(image?.FileName ?? folder.Show(path), $"{folder.Show(path)} images[{row}]: {error.Path} {error.Reason}", "table"));
            }
        }
    }

    /// <summary>Boxes by the number of their image. What is wrong with others is told, and the image stays.</summary>
    private static ILookup<long, Box> Boxes(SetFolder folder, string path, CocoFile coco, SourcePlan plan)
    {
        var classes = new Dictionary<long, string>();
        foreach (var category in coco.Categories!)
        {
            if (category?.Name is not { Length: > 0 } name || !classes.TryAdd(category.Id, name))
                throw new InputDataException(path, $"has a category {category?.Id} that has no name or is there twice; expected an id and a name for each");
        }

        var images = coco.Images!.Where(i => i is not null).ToLookup(i => i!.Id);
        if (images.FirstOrDefault(i => i.Count() > 1) is { } twice)
            throw new InputDataException(path, $"has {twice.Count()} images with the id {twice.Key}; expected an id of its own for each");
        var boxes = new List<(long Image, Box Box)>();
        var crowds = 0;
        foreach (var (row, annotation) in coco.Annotations!.Index())
        {
            if (annotation?.IsCrowd is not (null or 0))
                crowds++;
            else if (Fault(annotation, classes, id => images.Contains(id)) is { } fault)
                plan.Skipped.Add(new SkippedInput(folder.Show(path), $"annotations[{row}]: {fault}", "table"));
            else if (annotation!.Bbox is [var x, var y, var width, var height])
                boxes.Add((annotation.ImageId, new Box(x, y, x + width, y + height, classes[annotation.CategoryId])));
        }

        if (crowds > 0)
            plan.Warnings.Add($"{folder.Show(path)}: {crowds} crowds (iscrowd) are left out, since they are no single boxes.");
        return boxes.ToLookup(b => b.Image, b => b.Box);
    }

    private static string? Fault(CocoFile.Annotation? annotation, Dictionary<long, string> classes, Func<long, bool> isImage)
    {
        if (annotation is null)
            return "is null; expected an object";
        if (!isImage(annotation.ImageId))
            return $"its image_id {annotation.ImageId} is that of no image";
        if (!classes.ContainsKey(annotation.CategoryId))
            return $"its category_id {annotation.CategoryId} is that of no category";
        return annotation.Bbox is [_, _, > 0, > 0] bbox && bbox.All(double.IsFinite)
            ? null
            : $"its bbox is [{string.Join(", ", (annotation.Bbox ?? []).Take(5).Select(v => FormattableString.Invariant($"{v}")))}]; expected [x, y, width, height] with a width and a height above 0";
    }

    /// <exception cref="InputDataException">The path leads out of the set, or it is open which file is meant.</exception>
    private static string Find(SetFolder folder, string path, string stated, ILookup<string, string> byName)
    {
        var relative = TablePaths.Relative(stated);
        for (var here = Path.GetDirectoryName(path)!; ; here = Path.GetDirectoryName(here)!)
        {
            var full = Path.GetFullPath(Path.Combine(here, relative));
            if (File.Exists(full))
                return full;
            if (here == folder.Path)
                break;
        }

        string[] found = [.. byName[Path.GetFileName(relative)]];
        if (found.Length > 1)
        {
            // COCO's own files: annotations/instances_train2017.json for train2017/.
            var folders = Path.GetFileNameWithoutExtension(path).Split(s_separators);
            found = [.. found.Where(f => folders.Contains(Path.GetFileName(Path.GetDirectoryName(f)), StringComparer.Ordinal))];
        }

        return found.Length == 1 ? found[0] : throw new InputDataException(stated, byName.Contains(Path.GetFileName(relative))
            ? "is there in several folders; give the path below the set's folder" : "is listed, but there is no such file");
    }

    /// <summary>What the name of the file, or of the folder that it lies in, says; null where it says nothing.</summary>
    private static string? SplitOf(SetFolder folder, string path) => folder.FoldersOf(path).TakeLast(1).Append(Path.GetFileNameWithoutExtension(path))
        .SelectMany(name => name.Split(s_separators)).Select(word => Split.Parse(word.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'))).LastOrDefault(split => split is not null);

    private static bool IsNamedAsCoco(string file) => Path.GetFileName(file) is var name
        && (name.EndsWith(".coco.json", StringComparison.OrdinalIgnoreCase)
            || (name.StartsWith("instances_", StringComparison.OrdinalIgnoreCase) && name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)));
}
