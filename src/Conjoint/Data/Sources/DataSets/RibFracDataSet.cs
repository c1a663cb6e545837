using System.Globalization;
using System.Text.RegularExpressions;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// RibFrac: chest CTs <c>RibFracN-image.nii.gz</c> with <c>RibFracN-label.nii.gz</c>, in which every fracture has a number of its
/// own, and lists <c>ribfrac-…-info….csv</c> that give each number a type. 1 to 420 are for training, which is what the paper uses,
/// 421 to 500 for validation, 501 to 660 for the test, without masks.
/// </summary>
/// <remarks>
/// Layout: https://zenodo.org/records/3893508 (part 1), 3893498 (part 2), 3893496 (validation), 3993380 (test). Masks are turned to
/// types: 1 displaced, 2 non-displaced, 3 buckle, 4 segmental, 5 a fracture of no stated type (−1 in the lists). Without the lists
/// every fracture is 1.
/// </remarks>
internal sealed partial class RibFracDataSet : IDataSet
{
    private const int LastOfTraining = 420;
    private const int LastOfValidation = 500;
    private const int Untyped = 5;

    public string Name => "RibFrac";

    public DataSetFacts Facts { get; } = new(
        "RibFrac Challenge", "pre-training (Unified)", "CC BY-NC 4.0", "https://ribfrac.grand-challenge.org", 420);

    public bool Recognises(SetFolder folder) => folder.Niftis.Any(f => Scan().Match(FileNames.Stem(f)).Groups["what"].Value == "image");

    public void Plan(SetFolder folder, PrepareSettings settings, SourcePlan plan)
    {
        var files = folder.Niftis.Select(f => (File: f, Match: Scan().Match(FileNames.Stem(f)))).Where(f => f.Match.Success).ToArray();
        var masks = files.Where(f => IsWhat(f.Match, "label")).GroupBy(f => NumberOf(f.Match)).ToDictionary(g => g.Key, g => g.First().File);
        var types = Types(folder);
        if (masks.Count > 0 && types is null)
            plan.Warnings.Add($"{Name} lacks its lists ribfrac-…-info….csv: every fracture becomes label 1, whatever its type.");
        foreach (var (file, match) in files.Where(f => IsWhat(f.Match, "image")))
        {
            var number = NumberOf(match);
            var subject = $"RibFrac{number}";
            var mask = masks.GetValueOrDefault(number);
            plan.Cases.Add(folder.Case(this, file, subject, settings, Modality.CT) with
            {
                Mask = mask is null ? null : new FileContent(mask),
                Labels = types is null ? LabelMap.Parse("*=1") : LabelMap.Parse(types.GetValueOrDefault(subject) is { Count: > 0 } own ? $"{string.Join(',', own)},*={Untyped}" : $"*={Untyped}"),
                Split = number <= LastOfTraining ? Split.Train : number <= LastOfValidation ? Split.Validation : Split.Test,
                Warnings = mask is null && number <= LastOfValidation ? ["has no mask"] : [],
            });
        }

        if (plan.Cases.Count == 0)
            throw folder.Lacks(this, "file RibFrac1-image.nii.gz, RibFrac2-image.nii.gz …");
    }

    /// <summary>For each scan, what the numbers in its mask become; null without a list.</summary>
    private static Dictionary<string, HashSet<string>>? Types(SetFolder folder)
    {
        Dictionary<string, HashSet<string>>? types = null;
        foreach (var path in folder.Ending(".csv").Where(f => Info().IsMatch(Path.GetFileName(f))))
        {
            types ??= new Dictionary<string, HashSet<string>>(StringComparer.OrdinalIgnoreCase);
            foreach (var row in Table.Read(path, "public_id").Rows)
            {
                if (row["public_id"] is not { } scan || !Whole(row["label_id"], out var id) || !Whole(row["label_code"], out var code) || id is < 0 or > ushort.MaxValue || code is < -1 or > 4)
                    throw new InputDataException(path, $"line {row.Line} is no public_id, label_id, label_code with a code from -1 to 4");
                if (id == 0)
                    continue;   // the background has a line too
                if (!types.TryGetValue(scan, out var own))
                    types[scan] = own = [];
                own.Add(string.Create(CultureInfo.InvariantCulture, $"{id}={(code == -1 ? Untyped : code)}"));
            }
        }

        return types;
    }

    private static bool Whole(string? text, out int number) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static bool IsWhat(Match match, string what) => match.Groups["what"].Value.Equals(what, StringComparison.OrdinalIgnoreCase);

    private static int NumberOf(Match match) => int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^RibFrac(?<number>\d{1,6})-(?<what>image|label)$", RegexOptions.IgnoreCase)]
    private static partial Regex Scan();

    [GeneratedRegex(@"^ribfrac-.*info.*\.csv$", RegexOptions.IgnoreCase)]
    private static partial Regex Info();
}
