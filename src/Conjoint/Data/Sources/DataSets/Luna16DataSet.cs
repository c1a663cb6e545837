using System.Globalization;
using System.Text.RegularExpressions;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// LUNA16: 888 chest CTs in ten folds <c>subset0</c> to <c>subset9</c>, each scan a MetaImage pair named by its series UID, and
/// <c>candidates_V2.csv</c> with places in mm (LPS) that are a nodule (1) or not (0), for the track "false positive reduction".
/// </summary>
/// <remarks>
/// Layout: https://luna16.grand-challenge.org/Data/ and /Procedure/. The paper learns from 623 scans, which is what subsets 0 to 6
/// hold; 7 is for validation here, 8 and 9 are for the test. The fold of each scan is in the store for other divisions.
/// </remarks>
internal sealed partial class Luna16DataSet : IDataSet
{
    public const string CandidatesFile = "candidates_V2.csv";

    private const int Folds = 10;
    private const int LastTrainingFold = 6;
    private const int ValidationFold = 7;

    public string Name => "LUNA16";

    public DataSetFacts Facts { get; } = new(
        "Lung Nodule Analysis 2016", "pre-training (Universal); nodule classification (Table 3)",
        "CC BY 4.0", "https://luna16.grand-challenge.org/Download/", 623);

    public bool Recognises(SetFolder folder) => Directory.Exists(Path.Combine(folder.Path, "subset0")) && Directory.Exists(Path.Combine(folder.Path, "subset9"));

    public void Plan(SetFolder folder, PrepareSettings settings, SourcePlan plan)
    {
        var candidates = Candidates(folder, plan);
        var folds = new SortedSet<int>();
        foreach (var scan in folder.Ending(".mhd"))
        {
            if (folder.FoldersOf(scan).Select(FoldOf).LastOrDefault(f => f is not null) is not { } fold)
                continue;   // The lung masks of the challenge are MetaImages too.
            folds.Add(fold);
            if (!File.Exists(Path.ChangeExtension(scan, ".raw")) && !File.Exists(Path.ChangeExtension(scan, ".zraw")))
            {
                plan.Skipped.Add(new SkippedInput(folder.Show(scan), "its voxels are missing: expected a .raw file of the same name beside it", "unreadable"));
                continue;
            }

            var uid = FileNames.Stem(scan);
            plan.Cases.Add(folder.Case(this, scan, uid, settings, Modality.CT) with
            {
                Split = fold <= LastTrainingFold ? Split.Train : fold == ValidationFold ? Split.Validation : Split.Test,
                Fold = fold,
                Candidates = candidates?.GetValueOrDefault(uid) ?? (candidates is null ? null : []),
            });
        }

        if (folds.Count == 0)
            throw folder.Lacks(this, "folder subset0 … subset9 with .mhd files");
        if (folds.Count < Folds)
            plan.Warnings.Add($"{Name} lacks {string.Join(", ", Enumerable.Range(0, Folds).Except(folds).Select(f => $"subset{f}"))}.");
    }

    private static int? FoldOf(string folder) =>
        Subset().Match(folder) is { Success: true } match ? match.Groups[1].Value[0] - '0' : null;

    /// <summary>Candidates by series, in RAS; null without the list.</summary>
    private Dictionary<string, List<WorldPoint>>? Candidates(SetFolder folder, SourcePlan plan)
    {
        if (folder.Named(CandidatesFile) is not { } path)
        {
            plan.Warnings.Add($"{Name} lacks {CandidatesFile}: its scans have no candidates to classify.");
            return null;
        }

        var found = new Dictionary<string, List<WorldPoint>>(StringComparer.Ordinal);
        var lines = SetFolder.Lines(path);
        for (var i = 1; i < lines.Count; i++)
        {
            var cells = lines[i].Split(',', StringSplitOptions.TrimEntries);
            if (cells.Length < 5 || !Number(cells[1], out var x) || !Number(cells[2], out var y) || !Number(cells[3], out var z) || cells[4] is not ("0" or "1"))
                throw new InputDataException(path, $"line {i + 1} is '{(lines[i].Length > 80 ? lines[i][..80] : lines[i])}'; expected seriesuid,coordX,coordY,coordZ,class with class 0 or 1");
            if (!found.TryGetValue(cells[0], out var ofScan))
                found[cells[0]] = ofScan = [];
            ofScan.Add(new WorldPoint(-x, -y, z, cells[4][0] - '0'));   // LPS → RAS
        }

        return found;
    }

    private static bool Number(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    [GeneratedRegex(@"^subset([0-9])$", RegexOptions.IgnoreCase)]
    private static partial Regex Subset();
}
