using System.Text.RegularExpressions;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// LiTS 2017: abdominal CTs <c>volume-N.nii</c> beside <c>segmentation-N.nii</c> (1 liver, 2 tumour) in <c>Training Batch 1</c> and
/// <c>2</c>; the challenge's own test scans are <c>test-volume-N.nii</c>, without masks.
/// </summary>
/// <remarks>
/// Layout: https://competitions.codalab.org/competitions/17094, and the tree in docs/datasets/lits.md of kaiko-ai/eva. 131 scans are
/// labelled; which 111 the paper took it doesn't say.
/// </remarks>
internal sealed partial class LitsDataSet : IDataSet
{
    public string Name => "LiTS";

    public DataSetFacts Facts { get; } = new(
        "Liver Tumor Segmentation Challenge 2017", "pre-training (Universal)",
        "CC BY-NC-ND 4.0", "https://competitions.codalab.org/competitions/17094", 111);

    public bool Recognises(SetFolder folder) => folder.Niftis.Any(f => Volume().Match(FileNames.Stem(f)).Groups["test"].Value.Length == 0 && Volume().IsMatch(FileNames.Stem(f)))
        && folder.Niftis.Any(f => Segmentation().IsMatch(FileNames.Stem(f)));

    public void Plan(SetFolder folder, PrepareSettings settings, SourcePlan plan)
    {
        var masks = folder.Niftis.Select(f => (File: f, Match: Segmentation().Match(FileNames.Stem(f)))).Where(f => f.Match.Success)
            .GroupBy(f => f.Match.Groups["number"].Value).ToDictionary(g => g.Key, g => g.First().File);
        foreach (var file in folder.Niftis)
        {
            if (Volume().Match(FileNames.Stem(file)) is not { Success: true } match)
                continue;
            var isTest = match.Groups["test"].Length > 0;
            var mask = isTest ? null : masks.GetValueOrDefault(match.Groups["number"].Value);
            plan.Cases.Add(folder.Case(this, file, FileNames.Stem(file).ToLowerInvariant(), settings, Modality.CT) with
            {
                Mask = mask is null ? null : new FileContent(mask),
                Split = isTest ? Split.Test : null,
                Warnings = isTest || mask is not null ? [] : [$"has no segmentation-{match.Groups["number"].Value} beside it"],
            });
        }

        if (plan.Cases.Count == 0)
            throw folder.Lacks(this, "file volume-0.nii, volume-1.nii …");
    }

    [GeneratedRegex(@"^(?<test>test-)?volume-(?<number>\d+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Volume();

    [GeneratedRegex(@"^segmentation-(?<number>\d+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Segmentation();
}
