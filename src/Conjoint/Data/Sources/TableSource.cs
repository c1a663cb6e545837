using System.Globalization;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>Reads the cases of a folder's <c>index.csv</c> and <c>boxes.csv</c>.</summary>
internal sealed class TableSource
{
    public const string IndexFile = "index.csv";
    public const string BoxesFile = "boxes.csv";

    private readonly PrepareSettings _settings;
    private readonly SourceRoot _root;
    private readonly SourcePlan _plan;
    private readonly string _folder;
    private readonly TablePaths _paths;
    private readonly TableBoxes _boxes = new();
    private readonly IReadOnlyList<(string Name, int First)>? _maskColumns;

    private TableSource(string folder, PrepareSettings settings, SourceRoot root, SourcePlan plan)
    {
        (_settings, _root, _plan, _folder) = (settings, root, plan, folder);
        _paths = new TablePaths(folder);
        _maskColumns = settings.MaskColumns is { } columns ? MaskColumns.Parse(columns) : null;
    }

    /// <summary>A line with its file found.</summary>
    private sealed record Entry(TableRow Row, string Path, string Source, CaseContent? Mask, DicomSeries? Series);

    /// <exception cref="InputDataException">A table that can't be read at all.</exception>
    public static void Read(string? index, string? boxes, PrepareSettings settings, SourceRoot root, SourcePlan plan)
    {
        var source = new TableSource(Path.GetDirectoryName(Path.GetFullPath(index ?? boxes!))!, settings, root, plan);
        if (boxes is not null)
            source.ReadTable(boxes, listsCases: index is null);
        if (index is not null)
            source.ReadTable(index, listsCases: true);
    }

    private void ReadTable(string path, bool listsCases)
    {
        var table = Table.Read(path);
        var label = LabelColumn.Of(table, listsCases ? _settings.LabelColumn : null);
        if (listsCases && _maskColumns?.FirstOrDefault(c => !table.Has(c.Name)).Name is { } lacking)
            throw new InputDataException(path, $"has no column '{lacking}' for masks; its columns are {string.Join(", ", table.Columns)}");
        if (listsCases && UnreadMasks(table) is { Length: > 0 } unread)
            _plan.Warnings.Add($"{_root.Show(path)}: nothing reads {(unread.Length == 1 ? "the column" : "the columns")} {string.Join(", ", unread)}; --mask-columns takes columns of masks, beside 'mask' or in its place.");
        var hasBoxes = TableBoxes.IsIn(table);
        var entries = new List<Entry>();
        var seen = new HashSet<string>();
        foreach (var row in table.Rows)
        {
            var stated = row["image"];
            try
            {
                if (stated is null)
                    throw new InputDataException(_root.Show(path), "names no image");
                var image = _paths.Find(stated);
                if (hasBoxes && _boxes.Add(image, row) is { } fault)
                    throw new InputDataException(stated, $"its box {fault}");
                var isNew = seen.Add(image);
                if (!isNew && !hasBoxes)
                    throw new InputDataException(stated, "is named twice; the first line counts");
                if (isNew && listsCases)
                {
                    var shown = _root.Show(image, _paths.LastBase);
                    entries.Add(new Entry(row, image, shown, MaskIn(row), Directory.Exists(image) ? SeriesIn(image) : null));
                }
            }
            catch (InputDataException error)
            {
                _plan.Skipped.Add(new SkippedInput(stated ?? _root.Show(path), $"{_root.Show(path)} line {row.Line}: {error.Path} {error.Reason}", "table"));
            }
        }

        foreach (var group in entries.GroupBy(VolumeKey))
            AddGroup(group.Key, [.. group], label);
    }

    /// <summary>Columns that are named like masks and that nothing reads.</summary>
    private string[] UnreadMasks(Table table) =>
        _maskColumns is not null ? [] : [.. table.Columns.Where(c => c.EndsWith("_mask", StringComparison.OrdinalIgnoreCase) && c != _settings.LabelColumn)];

    /// <summary>Plain images of one scan share a key; every other file has its own.</summary>
    private (string Key, string? FramePrefix) VolumeKey(Entry entry)
    {
        var frame = FileNames.Frame(entry.Path);
        if (entry.Series is not null || Formats.Sort(entry.Path) != FileSort.Plain)
            return (entry.Path, null);
        if (entry.Row["volume"] is { } volume)
            return ($"{entry.Row["dataset"]}\n{volume}", frame is { Prefix: "" } ? "" : volume);
        return frame is null
            ? (entry.Path, null)
            : ($"{Path.GetDirectoryName(entry.Path)}\n{frame.Value.Prefix}", frame.Value.Prefix);
    }

    private void AddGroup((string Key, string? FramePrefix) key, IReadOnlyList<Entry> entries, string? label)
    {
        var isOfScan = key.FramePrefix is not null;
        if (!isOfScan || !PlainImages.IsVolume(key.FramePrefix, entries.Count, _settings.As))
        {
            foreach (var entry in entries)
                AddCase(entry, entry.Series is { } series ? new SeriesContent(series) : new FileContent(entry.Path), entry.Mask, entry.Source, label, isOfScan ? ScanName(entry) : null);
            return;
        }

        var first = entries[0];
        var folder = Path.GetDirectoryName(first.Path)!;
        var source = _root.Show(folder, _paths.LastBase);
        if (key.FramePrefix is not "" || entries.Any(e => Path.GetDirectoryName(e.Path) != folder))
            source = $"{source}/{ScanName(first)}";
        try
        {
            var ordered = Ordered(entries);
            AddCase(first, new FramesContent([.. ordered.Select(e => e.Path)]), MaskOf(ordered), source, label, ScanName(first));
        }
        catch (InputDataException error)
        {
            _plan.Skipped.Add(new SkippedInput(source, error.Reason, "table"));
        }
    }

    private void AddCase(Entry entry, CaseContent content, CaseContent? mask, string source, string? label, string? scan)
    {
        string? split = null;
        if (entry.Row["split"] is { } stated && (split = Split.Parse(stated)) is null)
        {
            _plan.Skipped.Add(new SkippedInput(source, $"its split is '{stated}'; expected train, val or test", "table"));
            return;
        }

        _plan.Cases.Add(new CasePlan
        {
            Source = source,
            Dataset = _settings.Dataset ?? entry.Row["dataset"] ?? Path.GetFileName(_folder),
            Subject = entry.Row["subject"] ?? scan ?? FileNames.Stem(entry.Path),
            Content = content,
            Mask = mask,
            Split = split,
            Label = label is null ? null : entry.Row[label],
            Modality = _settings.Modality ?? (entry.Row["modality"] is { } modality ? Modalities.Parse(modality) : null),
            Boxes = _boxes.Of(entry.Path),
        });
    }

    private static string ScanName(Entry entry) =>
        entry.Row["volume"] ?? (FileNames.Frame(entry.Path)?.Prefix is { Length: > 0 } prefix ? prefix : Path.GetFileName(Path.GetDirectoryName(entry.Path)!));

    private static DicomSeries SeriesIn(string folder)
    {
        var files = Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file)[0] != '.' && Formats.Sort(file) == FileSort.Dicom);
        var found = DicomSeries.Find(files);
        return found.Series is [var only]
            ? only
            : throw new InputDataException(folder, $"is a folder with {found.Series.Count} DICOM volumes; a table names files, or folders with one volume each");
    }

    /// <summary>The mask of one line, or of several columns together.</summary>
    private CaseContent? MaskIn(TableRow row)
    {
        if (_maskColumns is null)
            return row["mask"] is { } mask ? new FileContent(_paths.Find(mask)) : null;
        MaskLayer[] layers = [.. _maskColumns.Where(c => row[c.Name] is not null).Select(c => new MaskLayer(_paths.Find(row[c.Name]!), c.First, HoldsLabels: true))];
        return layers.Length == 0 ? null : new LayersContent(layers);
    }

    private static FramesContent? MaskOf(IReadOnlyList<Entry> frames)
    {
        var with = frames.Count(f => f.Mask is not null);
        if (frames.Any(f => f.Mask is LayersContent))
            throw new InputDataException(frames[0].Path, "has masks of several columns; they are for images and whole volumes, not for stacks of frames");
        if (with == 0)
            return null;
        return with == frames.Count
            ? new FramesContent([.. frames.Select(f => ((FileContent)f.Mask!).Path)])
            : throw new InputDataException(frames[0].Path, $"only {with} of its {frames.Count} frames have a mask; expected all or none");
    }

    private static Entry[] Ordered(IReadOnlyList<Entry> frames)
    {
        foreach (var column in new[] { "subject", "split" })
        {
            var values = frames.Select(f => f.Row[column]).Distinct().ToArray();
            if (values.Length > 1)
                throw new InputDataException(frames[0].Path, $"its frames have different values of '{column}': {string.Join(", ", values.Select(v => v ?? "(empty)"))}; a volume has one");
        }

        var numbered = frames.Select(f => (Entry: f, Number: NumberOf(f))).ToArray();
        var twice = numbered.GroupBy(f => f.Number).FirstOrDefault(g => g.Key is not null && g.Count() > 1);
        if (twice is not null)
            throw new InputDataException(frames[0].Path, $"frame {twice.Key} is there {twice.Count()} times; each slice has its own number");
        Array.Sort(numbered, (a, b) =>
        {
            var byNumber = Nullable.Compare(a.Number, b.Number);
            return byNumber != 0 ? byNumber : FileNames.CompareNatural(a.Entry.Source, b.Entry.Source);
        });
        return [.. numbered.Select(f => f.Entry)];
    }

    private static double? NumberOf(Entry entry) =>
        double.TryParse(entry.Row["frame"], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : FileNames.Frame(entry.Path)?.Number;
}
