using System.Text.RegularExpressions;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// MM-WHS 2017, one of its two modalities: <c>ct_train/ct_train_1001_image.nii.gz</c> beside <c>…_label.nii.gz</c>, likewise
/// <c>mr_train</c>; <c>ct_test</c> and <c>mr_test</c> have no masks. Labels 205, 420, 500, 550, 600, 820, 850 stay as they are;
/// <see cref="LabelMap.Named"/> has maps for them. One MR case has 421 where 420 is meant, which is mended.
/// </summary>
/// <remarks>
/// Layout: https://zmiclab.github.io/zxh/0/mmwhs/. Split of the 20 labelled cases as the authors' released code has it: 1004, 1007, 1013 for
/// validation, 1002, 1010, 1012, 1019 for the test, 13 for training, in both modalities.
/// </remarks>
internal sealed partial class MmwhsDataSet(string name) : IDataSet
{
    private static readonly string[] s_validation = ["1004", "1007", "1013"];
    private static readonly string[] s_test = ["1002", "1010", "1012", "1019"];

    public string Name => name;

    public DataSetFacts Facts { get; } = new(
        $"Multi-Modality Whole Heart Segmentation 2017, {name[6..]}", "heart segmentation (Tables 4 and 7)",
        "the challenge's terms: research only, registration", "https://zmiclab.github.io/zxh/0/mmwhs/");

    private string Prefix => name == "MMWHS-CT" ? "ct" : "mr";

    public bool Recognises(SetFolder folder) => folder.Niftis.Any(f => IsOurs(Scan().Match(FileNames.Stem(f))));

    public void Plan(SetFolder folder, PrepareSettings settings, SourcePlan plan)
    {
        var files = folder.Niftis.Select(f => (File: f, Match: Scan().Match(FileNames.Stem(f)))).Where(f => IsOurs(f.Match)).ToArray();
        var masks = files.Where(f => IsWhat(f.Match, "label")).GroupBy(f => f.Match.Groups["scan"].Value, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.First().File, StringComparer.OrdinalIgnoreCase);
        foreach (var (file, match) in files.Where(f => IsWhat(f.Match, "image")))
        {
            var (scan, number) = (match.Groups["scan"].Value, match.Groups["number"].Value);
            var isTest = IsGroup(match, "test");
            var mask = masks.GetValueOrDefault(scan);
            plan.Cases.Add(folder.Case(this, file, scan.ToLowerInvariant(), settings, Prefix == "ct" ? Modality.CT : Modality.MR) with
            {
                Mask = mask is null ? null : new FileContent(mask),
                Labels = LabelMap.Parse("421=420"),
                Split = isTest || s_test.Contains(number) ? Split.Test : s_validation.Contains(number) ? Split.Validation : Split.Train,
                Warnings = mask is null && !isTest ? [$"has no {scan}_label beside it"] : [],
            });
        }

        if (plan.Cases.Count == 0)
            throw folder.Lacks(this, $"file {Prefix}_train_1001_image.nii.gz …");
    }

    private bool IsOurs(Match match) => match.Success && match.Groups["modality"].Value.Equals(Prefix, StringComparison.OrdinalIgnoreCase);

    private static bool IsWhat(Match match, string what) => match.Groups["what"].Value.Equals(what, StringComparison.OrdinalIgnoreCase);

    private static bool IsGroup(Match match, string group) => match.Groups["group"].Value.Equals(group, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^(?<scan>(?<modality>ct|mr)_(?<group>train|test)_(?<number>\d+))_(?<what>image|label)$", RegexOptions.IgnoreCase)]
    private static partial Regex Scan();
}
