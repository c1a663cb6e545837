using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Data;

/// <summary>Makes a store of sources: folders, tables, volumes, images, archives (SPEC §2).</summary>
/// <remarks>
/// Idempotent: a second run with the same sources and settings verifies what is there and writes nothing new. Incremental: only
/// what is new or has changed is read in full. An interrupted run goes on where it was. The manifest and the arrays depend on
/// sources and settings only, not on the number of workers, the time or the machine.
/// </remarks>
public sealed class Preparer
{
    private const string LockFile = "prepare.lock";

    private readonly PrepareSettings _settings;

    /// <summary>A preparation with those settings.</summary>
    /// <exception cref="ConfigurationException">The settings have faults.</exception>
    public Preparer(PrepareSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var faults = string.Join(' ', settings.Faults());
        if (faults.Length > 0)
            throw new ConfigurationException(faults);
        _settings = settings;
    }

    /// <summary>Brings a store up to date with its sources; cases of other sources are removed from it.</summary>
    /// <param name="sources">Folders or files; at least one.</param>
    /// <param name="storeFolder">Made where it does not exist.</param>
    /// <param name="progress">Told the disk space needed first, then each case; called from several threads.</param>
    /// <param name="cancellation">Stops between cases; what is finished stays, and the next run goes on from there.</param>
    /// <exception cref="InputDataException">A source is missing or empty, nothing in them can be used, or the disk has too little space.</exception>
    /// <exception cref="ConfigurationException">No source is named.</exception>
    /// <exception cref="IOException">The store can't be written.</exception>
    public PrepareSummary Run(IReadOnlyList<string> sources, string storeFolder, IProgress<PrepareProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(storeFolder);
        if (sources.Count == 0)
            throw new ConfigurationException("No source is named; expected at least one folder or file to prepare.");
        var plan = Plan(sources, storeFolder);
        var ids = CaseIds.For([.. plan.Cases.Select(c => c.Source)]);
        var voxels = VoxelEstimate.Voxels(plan.Cases);
        var stored = VoxelEstimate.OnGrid(plan.Cases, voxels, _settings);
        var needed = plan.Cases.Select((c, i) => VoxelEstimate.Stored(c, stored[i])).Sum();

        using var exclusive = Lock(storeFolder);
        DiskSpace.Require(storeFolder, needed);
        progress?.Report(new PrepareProgress(0, plan.Cases.Count, null, needed));

        var outcomes = Build(plan.Cases, ids, [.. plan.Cases.Select((c, i) => VoxelEstimate.Work(c, voxels[i], stored[i], _settings))], storeFolder, done => progress?.Report(done with { BytesNeeded = needed }), cancellation);
        var builder = new ManifestBuilder(_settings);
        var manifest = builder.Build([.. outcomes.Where(o => o.Facts is not null)]);
        SkippedInput[] skipped =
        [
            .. plan.Skipped.Concat(outcomes.Select(o => o.Skipped).OfType<SkippedInput>()).Concat(builder.Skipped)
                .OrderBy(s => s.Path, StringComparer.Ordinal).ThenBy(s => s.Reason, StringComparer.Ordinal),
        ];
        StoreFiles.Write(Path.Combine(storeFolder, PreparedStore.SkippedFile), s => SkippedInput.Write(s, skipped));
        if (manifest.Cases.Count == 0)
            throw new InputDataException(sources[0], NothingUsable(skipped));

        manifest = WithCandidates(manifest, plan.Cases, storeFolder);
        StoreFiles.Write(Path.Combine(storeFolder, PreparedStore.ManifestFile), s => s.Write(StoreJson.Bytes(manifest)));
        var removed = RemoveStale(storeFolder, manifest);
        return Summary(storeFolder, manifest, outcomes, skipped, [.. plan.Warnings, .. manifest.Warnings], removed) with { Expected = Expected(plan.Sets, manifest) };
    }

    private SourcePlan Plan(IReadOnlyList<string> sources, string storeFolder)
    {
        var plan = new SourcePlan();
        foreach (var source in sources)
        {
            var before = (plan.Cases.Count, Skipped: plan.Skipped.Count);
            Read(source, plan, storeFolder);
            if (plan.Cases.Count > before.Count)
                continue;
            var left = plan.Skipped.Skip(before.Skipped).ToArray();
            throw new InputDataException(source, left.Length == 0 ? "is empty; expected images or volumes" : NothingUsable(left));
        }

        // Sources may overlap: a folder and a file in it.
        var unique = plan.Cases.DistinctBy(c => c.Content is FramesContent or SeriesContent or SeriesFilesContent ? string.Join('\n', c.Content.Files) : c.Content.ToString()).ToArray();
        if (unique.Length < plan.Cases.Count)
            plan.Warnings.Add($"{plan.Cases.Count - unique.Length} inputs are named by more than one source and were taken once.");
        plan.Cases.Clear();
        plan.Cases.AddRange(KnownSubjects.Number(unique));
        return plan;
    }

    private void Read(string source, SourcePlan plan, string storeFolder)
    {
        if (DataSets.Find(_settings.Dataset) is { } set)
        {
            DataSets.Plan(set, new SetFolder(new SourceRoot(source), source), _settings, plan);
            return;
        }

        if (DataSets.Doubt(_settings.Dataset) is { } doubt && !plan.Warnings.Contains(doubt))
            plan.Warnings.Add(doubt);
        FolderSource.Read(source, _settings, plan, storeFolder);
        if (_settings.Dataset is null && Directory.Exists(source) && DataSets.Recognise(source) is { } seen)
            plan.Warnings.Add($"{source} looks like {seen.Name}: --dataset {seen.Name} reads it as its owners mean it, with its lists and masks.");
    }

    /// <summary>Writes the candidates beside their volumes, and removes lists of before that no source has any more.</summary>
    private static StoreManifest WithCandidates(StoreManifest manifest, List<CasePlan> plans, string storeFolder)
    {
        var points = plans.Where(p => p.Candidates is not null).ToDictionary(p => p.Source, p => p.Candidates!, StringComparer.Ordinal);
        var cases = manifest.Cases.ToArray();
        for (var i = 0; i < cases.Length; i++)
        {
            var path = Path.Combine(storeFolder, PreparedStore.CasesFolder, cases[i].Id, CandidateFile.Name);
            if (cases[i].CandidatesFile is null)
            {
                File.Delete(path);
                continue;
            }

            if (CandidateFile.Write(path, points[cases[i].Source], cases[i]) is var outside and > 0)
                cases[i] = cases[i] with { Warnings = [.. cases[i].Warnings, $"has {outside} candidates outside of its volume, which were left out"] };
        }

        return manifest with { Cases = cases };
    }

    private static ExpectedCount[] Expected(List<IDataSet> sets, StoreManifest manifest) =>
    [
        .. sets.DistinctBy(s => s.Name).Where(s => s.Facts.Table1 is not null).Select(s => new ExpectedCount(
            s.Name, manifest.Cases.Count(c => c.Dataset == s.Name), manifest.Cases.Count(c => c.Dataset == s.Name && c.Split == Split.Train), s.Facts.Table1!.Value)),
    ];

    private CaseOutcome[] Build(List<CasePlan> plans, string[] ids, long[] memory, string storeFolder, Action<PrepareProgress> report, CancellationToken cancellation)
    {
        var archives = new ArchiveCache(plans);
        var builder = new CaseBuilder(storeFolder, _settings, archives);
        var gate = new MemoryGate(_settings.MemoryBytes);
        var outcomes = new CaseOutcome[plans.Count];
        var done = 0;
        // In order, one by one, so that the cases of an archive are made while its array is in memory.
        var order = System.Collections.Concurrent.Partitioner.Create(Enumerable.Range(0, plans.Count), System.Collections.Concurrent.EnumerablePartitionerOptions.NoBuffering);
        var options = new ParallelOptions { MaxDegreeOfParallelism = _settings.Workers, CancellationToken = cancellation };
        try
        {
            Parallel.ForEach(order, options, i =>
            {
                gate.Enter(memory[i]);
                try
                {
                    outcomes[i] = builder.Build(plans[i], ids[i]);
                }
                finally
                {
                    archives.Done(plans[i]);
                    gate.Leave(memory[i]);
                }

                report(new PrepareProgress(Interlocked.Increment(ref done), plans.Count, ids[i], 0));
            });
        }
        catch (AggregateException errors)
        {
            // One is enough to act on: the disk is full, the folder is read-only.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }

        return outcomes;
    }

    /// <summary>Makes the folder, and sees to it that one process at a time writes to it.</summary>
    private static FileStream Lock(string storeFolder)
    {
        try
        {
            Directory.CreateDirectory(Path.Combine(storeFolder, PreparedStore.CasesFolder));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputDataException(storeFolder, $"can't be made a store ({error.Message}); choose a folder that can be written to", error);
        }

        var path = Path.Combine(storeFolder, LockFile);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException error)
        {
            throw new InputDataException(storeFolder, "is being prepared by another process; wait for it, or choose another folder", error);
        }
    }

    private static string NothingUsable(SkippedInput[] skipped) =>
        $"holds nothing that can be used: {skipped[0].InOneLine}" + (skipped.Length > 1 ? $" (and {skipped.Length - 1} more)" : "");

    private static int RemoveStale(string storeFolder, StoreManifest manifest)
    {
        var current = manifest.Cases.Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
        var removed = 0;
        foreach (var folder in Directory.EnumerateDirectories(Path.Combine(storeFolder, PreparedStore.CasesFolder)).ToArray())
        {
            // Nothing is deleted that this program has not made.
            var isOurs = File.Exists(Path.Combine(folder, CaseFacts.FileName)) || File.Exists(Path.Combine(folder, CaseBuilder.ImageName));
            if (current.Contains(Path.GetFileName(folder)) || !isOurs)
                continue;
            Directory.Delete(folder, recursive: true);
            removed++;
        }

        return removed;
    }

    private static PrepareSummary Summary(string storeFolder, StoreManifest manifest, CaseOutcome[] outcomes, SkippedInput[] skipped, string[] warnings, int removed)
    {
        var isNew = outcomes.Where(o => o.IsNew).Select(o => o.Id).ToHashSet();
        var written = manifest.Cases.Count(c => isNew.Contains(c.Id));
        return new PrepareSummary
        {
            Store = storeFolder,
            Cases = manifest.Cases.Count,
            Volumes = manifest.Cases.Count(c => c.Kind == CaseKind.Volume),
            Images = manifest.Cases.Count(c => c.Kind == CaseKind.Image),
            Written = written,
            Kept = manifest.Cases.Count - written,
            Removed = removed,
            Datasets = new SortedDictionary<string, int>(manifest.Cases.CountBy(c => c.Dataset).ToDictionary(), StringComparer.Ordinal),
            Splits = Split.All.ToDictionary(s => s, s => manifest.Cases.Count(c => c.Split == s)),
            WithMask = manifest.Cases.Count(c => c.HasMask),
            Bytes = manifest.Cases.Sum(c => (long)c.Slices * c.Height * c.Width * (c.HasMask ? 3 : 2)),
            Skipped = skipped,
            Warnings = [.. warnings, .. manifest.Cases.SelectMany(c => c.Warnings.Select(w => $"{c.Id} {w}."))],
        };
    }
}
