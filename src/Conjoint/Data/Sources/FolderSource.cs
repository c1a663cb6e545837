using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>Finds the cases below a folder: tables first, then images beside masks, then every readable file (SPEC §2).</summary>
internal sealed class FolderSource
{
    private static readonly (string Images, string[] Masks)[] PairNames =
    [
        ("images", ["labels", "masks"]),
        ("imagesTr", ["labelsTr"]), // as the Medical Segmentation Decathlon ships its sets
    ];

    private readonly PrepareSettings _settings;
    private readonly SourceRoot _root;
    private readonly SourcePlan _plan;
    private readonly string? _storeFolder;
    private readonly HashSet<string> _visited = [];
    private readonly HashSet<string> _dataFiles = []; // of headers seen so far, full paths
    private readonly List<string> _dicom = [];

    private FolderSource(PrepareSettings settings, SourceRoot root, SourcePlan plan, string? storeFolder) =>
        (_settings, _root, _plan, _storeFolder) = (settings, root, plan, storeFolder is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(storeFolder)));

    /// <summary>Adds what a source offers to the plan.</summary>
    /// <param name="source">A file or folder.</param>
    /// <param name="settings">What plain images are, and the like.</param>
    /// <param name="plan">What is added to.</param>
    /// <param name="storeFolder">Where results go, which is not searched; null where nothing is written.</param>
    /// <exception cref="InputDataException">The source does not exist, or is a store.</exception>
    public static void Read(string source, PrepareSettings settings, SourcePlan plan, string? storeFolder)
    {
        var folder = new FolderSource(settings, new SourceRoot(source), plan, storeFolder);
        if (Directory.Exists(source))
        {
            if (PreparedStore.IsStore(source))
                throw new InputDataException(source, "is a prepared store already; expected a folder of images or volumes");
            if (Path.TrimEndingDirectorySeparator(Path.GetFullPath(source)) == folder._storeFolder)
                throw new InputDataException(source, "is source and output at once; choose another folder for the output");
            folder.Scan(Path.GetFullPath(source));
            folder.AddDicom(folder._root.Name);
        }
        else if (!File.Exists(source))
        {
            throw new InputDataException(source, "does not exist; expected a folder or a file");
        }
        else if (source.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            TableSource.Read(source, null, settings, new SourceRoot(Path.GetDirectoryName(Path.GetFullPath(source))!), plan);
        }
        else
        {
            folder.AddLoose(Path.GetDirectoryName(Path.GetFullPath(source))!, [Path.GetFullPath(source)], folder.StemOf(source));
            folder.AddDicom(folder.StemOf(source));
        }
    }

    private string StemOf(string path) => FileNames.Stem(path) is { Length: > 0 } stem ? stem : _root.Name;

    private void Scan(string folder)
    {
        if (IsSeen(folder))
            return;
        var files = Visible(Directory.EnumerateFiles(folder));
        var folders = Visible(Directory.EnumerateDirectories(folder));
        var index = files.FirstOrDefault(f => IsNamed(f, TableSource.IndexFile));
        var boxes = files.FirstOrDefault(f => IsNamed(f, TableSource.BoxesFile));
        if (index is not null || boxes is not null)
        {
            TableSource.Read(index, boxes, _settings, _root, _plan);
            return;
        }

        foreach (var (imagesName, maskNames) in PairNames)
        {
            var images = folders.FirstOrDefault(f => IsNamed(f, imagesName));
            var masks = folders.Where(f => maskNames.Any(m => IsNamed(f, m))).ToArray();
            if (images is null || masks.Length == 0)
                continue;
            AddPairs(folder, images, masks[0]);
            foreach (var other in files.Concat(folders).Except([images, masks[0]]))
                _plan.Skipped.Add(new SkippedInput(_root.Show(other), $"is neither in {imagesName}/ nor in {Path.GetFileName(masks[0])}/ beside it", "unused"));
            return;
        }

        AddLoose(folder, files, _root.Name);
        foreach (var inner in folders)
        {
            if (inner == _storeFolder)
                continue;
            if (PreparedStore.IsStore(inner))
                _plan.Skipped.Add(new SkippedInput(_root.Show(inner), "is a prepared store", "unused"));
            else
                Scan(inner);
        }
    }

    private void AddLoose(string folder, IReadOnlyList<string> files, string dataset)
    {
        dataset = _settings.Dataset ?? dataset;
        var plain = new List<string>();
        _dataFiles.UnionWith(Formats.DataFiles(files));
        foreach (var file in files)
        {
            if (IsVoxelsOfPair(file) || _dataFiles.Contains(file))
                continue; // its header stands for both
            try
            {
                switch (Formats.Sort(file))
                {
                    case FileSort.Unknown:
                        _plan.Skipped.Add(new SkippedInput(_root.Show(file), "is of no known image format", "unused"));
                        break;
                    case FileSort.Archive:
                        ArchiveSource.Read(file, _root.Show(file), dataset, _settings, _plan);
                        break;
                    case FileSort.Plain:
                        plain.Add(file);
                        break;
                    case FileSort.Dicom:
                        _dicom.Add(file); // slices of one series may lie in several folders
                        break;
                    case FileSort.Volume:
                        _plan.Cases.Add(Case(file, FileNames.Stem(file), new FileContent(file), dataset));
                        break;
                }
            }
            catch (InputDataException error)
            {
                _plan.Skipped.Add(new SkippedInput(_root.Show(file), SkippedInput.Tell(error), "unreadable"));
            }
        }

        foreach (var group in PlainImages.Group(folder, plain, _settings.As))
            _plan.Cases.Add(OfGroup(folder, group, dataset));
    }

    /// <summary>Volumes and images that the DICOM files found so far make up.</summary>
    private void AddDicom(string dataset)
    {
        dataset = _settings.Dataset ?? dataset;
        var found = DicomSeries.Find(_dicom);
        foreach (var series in found.Series)
        {
            var shown = series.Number is { } number ? Path.Combine(series.Path, $"series-{number}") : series.Path;
            _plan.Cases.Add(Case(shown, FileNames.Stem(series.Path), new SeriesContent(series), dataset) with { SubjectKeys = series.SubjectKeys });
        }

        foreach (var file in found.Files)
            _plan.Cases.Add(Case(file.Path, FileNames.Stem(file.Path), new FileContent(file.Path), dataset) with { SubjectKeys = file.SubjectKeys });
        foreach (var fault in found.Refused)
            _plan.Skipped.Add(new SkippedInput(_root.Show(fault.Path), SkippedInput.Tell(fault), "unreadable"));
    }

    private CasePlan OfGroup(string folder, PlainGroup group, string dataset)
    {
        if (!group.IsVolume)
            return Case(group.Paths[0], group.Subject, new FileContent(group.Paths[0]), dataset);
        return Case(group.IsFolder ? folder : Path.Combine(folder, group.Name), group.Subject, new FramesContent(group.Paths), dataset);
    }

    private CasePlan Case(string shown, string subject, CaseContent content, string dataset) => new()
    {
        Source = _root.Show(shown),
        Dataset = dataset,
        Subject = subject,
        Content = content,
        Modality = _settings.Modality,
    };

    /// <summary>Images and, under the same names in the other folder, their masks.</summary>
    private void AddPairs(string folder, string images, string masks)
    {
        var byName = new MaskFolder(masks);
        var found = new FolderSource(_settings, _root, new SourcePlan(), _storeFolder);
        found.ScanLoose(images, Path.GetFileName(folder));
        found.AddDicom(Path.GetFileName(folder));
        foreach (var plan in found._plan.Cases)
        {
            try
            {
                var mask = byName.For(plan.Content, images);
                // The mask's name is the image's without nnU-Net's channel number: channels of one scan are one subject.
                var subject = mask is FileContent file && plan.Content is FileContent ? FileNames.Stem(file.Path) : plan.Subject;
                _plan.Cases.Add(plan with
                {
                    Mask = mask,
                    Subject = subject,
                    Warnings = mask is null ? [$"has no mask in {Path.GetFileName(masks)}/"] : [],
                });
            }
            catch (InputDataException error)
            {
                _plan.Skipped.Add(new SkippedInput(plan.Source, error.Reason, "mask"));
            }
        }

        _plan.Skipped.AddRange(found._plan.Skipped);
        foreach (var orphan in byName.Unused)
            _plan.Skipped.Add(new SkippedInput(_root.Show(orphan), $"is a mask without an image of its name in {Path.GetFileName(images)}/", "unused"));
    }

    private void ScanLoose(string folder, string dataset)
    {
        if (IsSeen(folder))
            return;
        AddLoose(folder, Visible(Directory.EnumerateFiles(folder)), dataset);
        foreach (var inner in Visible(Directory.EnumerateDirectories(folder)))
            ScanLoose(inner, dataset);
    }

    /// <summary>Links between folders are followed, but not in circles.</summary>
    private bool IsSeen(string folder) =>
        !_visited.Add(new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder);

    /// <summary>In an order that is the same on every machine; names that begin with a dot are the system's, not data.</summary>
    private static string[] Visible(IEnumerable<string> paths) =>
        [.. paths.Where(p => Path.GetFileName(p)[0] != '.').Order(StringComparer.Ordinal)];

    private static bool IsVoxelsOfPair(string path) =>
        FileNames.SecondOfPair(path)?.Contains(".hdr", StringComparison.OrdinalIgnoreCase) == true;

    private static bool IsNamed(string path, string name) =>
        string.Equals(Path.GetFileName(path), name, StringComparison.OrdinalIgnoreCase);
}
