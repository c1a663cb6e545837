namespace Conjoint.Data;

/// <summary>
/// One of the paper's two mixtures for pre-training (Table 1): a folder with a sub-folder for each set, named as <c>--dataset</c> calls
/// it. Scans come without masks, classes and boxes. What a set keeps for validation and test is left out, so that no downstream score
/// is of a scan that was learned from; each set's name stays with its cases, for <c>data_weights</c>.
/// </summary>
/// <remarks>
/// Table 2 tests on BraTS2018 and LUNA16 after "Universal": where their owners state no split it is drawn with the same seed as for
/// the set by itself, and its training part is taken. The other sets serve no test: whatever their owners don't keep back is taken, and of
/// MSD-Heart the ten scans without masks too, as Table 1's 30 does.
/// </remarks>
internal sealed class MixtureDataSet : IDataSet
{
    private static readonly string[] s_downstream = ["BraTS2018", "LUNA16"];
    private static readonly string[] s_whole = ["MSD-Heart"];

    private readonly string[] _parts;

    private MixtureDataSet(string name, string use, params string[] parts)
    {
        (Name, _parts) = (name, parts);
        Facts = new DataSetFacts($"the paper's mixture: {string.Join(", ", parts)}", use, "that of each set", "docs/datasets.md");
    }

    /// <summary>Four sets of volumes.</summary>
    public static MixtureDataSet Universal { get; } = new("universal", "pre-training for Tables 3 to 5", "LUNA16", "LiTS", "BraTS2018", "MSD-Heart");

    /// <summary>Four sets of volumes and the radiographs; the paper could not get a sixth set either.</summary>
    public static MixtureDataSet Unified { get; } = new("unified", "pre-training for Table 6", "MOTS", "LIDC-IDRI", "RibFrac", "TCIA-COVID19", "NIH-ChestXray8");

    public string Name { get; }

    public DataSetFacts Facts { get; }

    public bool Recognises(SetFolder folder) => _parts.Count(p => FolderOf(folder, p) is not null) > 1;

    public void Plan(SetFolder folder, PrepareSettings settings, SourcePlan plan)
    {
        var missing = new List<string>();
        foreach (var part in _parts)
        {
            if (FolderOf(folder, part) is not { } path)
            {
                missing.Add(part);
                continue;
            }

            var own = new SourcePlan();
            DataSets.Plan(DataSets.Find(part)!, folder.Inner(path), settings with { Dataset = part }, own);
            Take(own, settings, plan, keepsAll: s_whole.Contains(part), draws: s_downstream.Contains(part));
        }

        if (missing.Count == _parts.Length)
            throw folder.Lacks(this, $"sub-folder named {string.Join(", ", _parts)}");
        if (missing.Count > 0)
            plan.Warnings.Add($"The mixture {Name} lacks {string.Join(", ", missing)}: put each set into a sub-folder of that name.");
    }

    private static void Take(SourcePlan set, PrepareSettings settings, SourcePlan plan, bool keepsAll, bool draws)
    {
        var splits = draws
            ? SplitAssigner.Assign([.. set.Cases.Select(c => new SplitCase(c.Dataset, c.Subject, c.Split, c.Source))], settings)
            : [.. set.Cases.Select(c => c.Split)];
        for (var i = 0; i < set.Cases.Count; i++)
        {
            var scan = set.Cases[i];
            // After a draw nothing is open any more: without a split the case is one of a subject that is tested on.
            var isKept = keepsAll || splits[i] == Split.Train || (splits[i] is null && !draws);
            if (!isKept)
                plan.Skipped.Add(new SkippedInput(scan.Source, $"is in the {(splits[i] == Split.Validation ? "validation" : "test")} part of {scan.Dataset}, which a mixture for pre-training leaves out", "split"));
            else
                plan.Cases.Add(scan with { Split = Split.Train, Mask = null, Label = null, Boxes = null, Candidates = null, Labels = null, Warnings = [] });
        }

        plan.Skipped.AddRange(set.Skipped);
        plan.Warnings.AddRange(set.Warnings.Where(w => !w.Contains("no candidates", StringComparison.Ordinal) && !w.Contains("no boxes", StringComparison.Ordinal) && !w.Contains("no class", StringComparison.Ordinal)));
        plan.Sets.AddRange(set.Sets);
    }

    /// <summary>The sub-folder of a set: its name, letters and digits only compared, upper and lower case alike.</summary>
    private static string? FolderOf(SetFolder folder, string part) =>
        Directory.EnumerateDirectories(folder.Path).Order(StringComparer.Ordinal).FirstOrDefault(f => Plain(Path.GetFileName(f)) == Plain(part));

    private static string Plain(string name) => new([.. name.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant)]);
}
