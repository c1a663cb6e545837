using System.Text.RegularExpressions;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// A folder in the Brain Imaging Data Structure: <c>sub-LABEL[/ses-LABEL]/anat/sub-LABEL_…_SUFFIX.nii.gz</c>, masks below
/// <c>derivatives</c> as <c>…_dseg</c> or <c>…_mask</c>, and <c>participants.tsv</c>, whose column <c>split</c> is taken where it has one.
/// </summary>
/// <remarks>
/// Layout: https://bids-specification.readthedocs.io. Anatomical scans only (and <c>_ct</c>, which the standard doesn't know yet): functional and
/// diffusion series are left out. A mask belongs to the scan whose name it begins with; one that fits every scan of a session goes to the first.
/// </remarks>
internal sealed partial class BidsDataSet : IDataSet
{
    private static readonly string[] s_suffixes = ["T1W", "T2W", "FLAIR", "PDW", "PDT2", "T2STARW", "INPLANET1", "INPLANET2", "ANGIO", "UNIT1", "CT"];

    public string Name => "BIDS";

    public DataSetFacts Facts { get; } = new("a BIDS folder", "your own data", "its own", "https://bids.neuroimaging.io");

    public bool Recognises(SetFolder folder) => File.Exists(Path.Combine(folder.Path, "dataset_description.json")) && Directory.EnumerateDirectories(folder.Path, "sub-*").Any();

    public void Plan(SetFolder folder, PrepareSettings settings, SourcePlan plan)
    {
        var title = Path.GetFileName(folder.Path);
        var splits = Splits(folder);
        var masks = folder.Niftis.Where(f => IsDerived(folder, f)).Select(f => (File: f, Match: Mask().Match(FileNames.Stem(f)))).Where(m => m.Match.Success).ToList();
        foreach (var file in folder.Niftis.Where(f => !IsDerived(folder, f)))
        {
            var name = Scan().Match(FileNames.Stem(file));
            if (!name.Success || !folder.FoldersOf(file).Any(f => f.StartsWith("sub-", StringComparison.Ordinal)))
            {
                plan.Skipped.Add(new SkippedInput(folder.Show(file), "is not named sub-LABEL_…_SUFFIX in a subject's folder", "unused"));
                continue;
            }

            if (!s_suffixes.Contains(name.Groups["suffix"].Value.ToUpperInvariant()))
            {
                plan.Skipped.Add(new SkippedInput(folder.Show(file), $"is a series of '{name.Groups["suffix"].Value}'; anatomical scans are taken ({string.Join(", ", s_suffixes)})", "unused"));
                continue;
            }

            var subject = name.Groups["subject"].Value;
            var at = masks.FindIndex(m => Fits(m.Match.Groups["scan"].Value, name));
            var mask = at < 0 ? null : masks[at].File;
            if (at >= 0)
                masks.RemoveAt(at);     // it belongs to one scan
            var isCt = name.Groups["suffix"].Value.Equals("ct", StringComparison.OrdinalIgnoreCase);
            plan.Cases.Add(folder.Case(this, file, subject, settings, isCt ? Modality.CT : Modality.MR) with
            {
                Dataset = title,
                Mask = mask is null ? null : new FileContent(mask),
                Split = splits.GetValueOrDefault(subject),
            });
        }

        if (plan.Cases.Count == 0 && plan.Skipped.Count == 0)
            throw folder.Lacks(this, "scan sub-LABEL/anat/sub-LABEL_T1w.nii.gz");
    }

    /// <summary>A mask is named after the scan with its suffix, without it, or with further entities behind.</summary>
    private static bool Fits(string mask, Match scan)
    {
        var entities = scan.Groups["entities"].Value;
        return mask == entities || mask == scan.Value || mask.StartsWith(entities + "_", StringComparison.Ordinal);
    }

    private static bool IsDerived(SetFolder folder, string file) => folder.FoldersOf(file).FirstOrDefault() == "derivatives";

    private static Dictionary<string, string> Splits(SetFolder folder)
    {
        var splits = new Dictionary<string, string>(StringComparer.Ordinal);
        var path = Path.Combine(folder.Path, "participants.tsv");
        if (!File.Exists(path))
            return splits;
        var rows = SetFolder.Lines(path).Select(l => l.Split('\t', StringSplitOptions.TrimEntries)).ToArray();
        var (id, split) = (Array.IndexOf(rows[0], "participant_id"), Array.IndexOf(rows[0], "split"));
        if (id < 0 || split < 0)
            return splits;
        foreach (var row in rows.Skip(1).Where(r => r.Length > Math.Max(id, split) && r[split] is not ("" or "n/a")))
        {
            splits[row[id]] = Split.Parse(row[split])
                ?? throw new InputDataException(path, $"the split of {row[id]} is '{row[split]}'; expected train, val or test");
        }

        return splits;
    }

    [GeneratedRegex(@"^(?<entities>(?<subject>sub-[A-Za-z0-9]+)(_[A-Za-z]+-[A-Za-z0-9]+)*)_(?<suffix>[A-Za-z0-9]+)$")]
    private static partial Regex Scan();

    [GeneratedRegex(@"^(?<scan>sub-[A-Za-z0-9].*)_(dseg|mask)$")]
    private static partial Regex Mask();
}
