using System.Text.RegularExpressions;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// BraTS 2018: a folder a case below <c>HGG</c> and <c>LGG</c>, with the sequences <c>_flair</c>, <c>_t1</c>, <c>_t1ce</c>, <c>_t2</c> on
/// one grid and the mask <c>_seg</c> (1 necrotic core, 2 oedema, 4 enhancing). Each sequence is a volume of its own, which is how the
/// paper counts: 760 = 190 × 4. The mask lies on FLAIR, on which the whole tumour shows.
/// </summary>
/// <remarks>
/// Layout: https://www.med.upenn.edu/sbia/brats2018/data.html. The last number of a case's name counts a patient's scans, so that a
/// subject is the name without it. The challenge's validation cases, outside of HGG and LGG, have no mask and count as test.
/// </remarks>
internal sealed partial class BratsDataSet : IDataSet
{
    private static readonly string[] s_grades = ["HGG", "LGG"];
    private static readonly string[] s_sequences = ["flair", "t1", "t1ce", "t2"];

    public string Name => "BraTS2018";

    public DataSetFacts Facts { get; } = new(
        "Multimodal Brain Tumor Segmentation Challenge 2018", "pre-training (Universal); tumour segmentation (Table 3)",
        "the challenge's data use agreement: research only, no redistribution", "https://www.med.upenn.edu/sbia/brats2018/registration.html", 760);

    public bool Recognises(SetFolder folder) => folder.Niftis.Any(f => GradeOf(folder, f) is not null && Sequence().Match(FileNames.Stem(f)).Groups["sequence"].Value == "t1ce");

    public void Plan(SetFolder folder, PrepareSettings settings, SourcePlan plan)
    {
        foreach (var ofCase in folder.Niftis.GroupBy(f => Path.GetDirectoryName(f)!))
        {
            var byName = ofCase.Select(f => (File: f, Match: Sequence().Match(FileNames.Stem(f)))).Where(f => f.Match.Success)
                .GroupBy(f => f.Match.Groups["sequence"].Value.ToLowerInvariant()).ToDictionary(g => g.Key, g => g.First());
            if (byName.Keys.All(k => k == "seg"))
                continue;
            var grade = GradeOf(folder, ofCase.First());
            var mask = byName.GetValueOrDefault("seg").File;
            string[] missing = [.. s_sequences.Where(s => !byName.ContainsKey(s))];
            foreach (var (sequence, (file, match)) in byName.Where(s => s.Key != "seg").OrderBy(s => s.Key, StringComparer.Ordinal))
            {
                var warnings = new List<string>();
                if (missing.Length > 0)
                    warnings.Add($"its case lacks {string.Join(", ", missing)}");
                if (sequence == "flair" && mask is null && grade is not null)
                    warnings.Add("its case has no _seg mask");
                plan.Cases.Add(folder.Case(this, file, TimePoint().Replace(match.Groups["case"].Value, ""), settings, Modality.MR) with
                {
                    Mask = sequence == "flair" && mask is not null ? new FileContent(mask) : null,
                    Channel = sequence,
                    ChannelGroup = folder.Show(Path.Combine(ofCase.Key, match.Groups["case"].Value)),
                    Label = grade,
                    Split = grade is null ? Split.Test : null,
                    Warnings = warnings,
                });
            }
        }

        if (plan.Cases.Count == 0)
            throw folder.Lacks(this, "folder HGG or LGG with cases of _flair, _t1, _t1ce and _t2");
    }

    private static string? GradeOf(SetFolder folder, string file) =>
        folder.FoldersOf(file).Select(f => f.ToUpperInvariant()).LastOrDefault(s_grades.Contains);

    [GeneratedRegex(@"^(?<case>.+)_(?<sequence>flair|t1|t1ce|t2|seg)$", RegexOptions.IgnoreCase)]
    private static partial Regex Sequence();

    [GeneratedRegex(@"_\d+$")]
    private static partial Regex TimePoint();
}
