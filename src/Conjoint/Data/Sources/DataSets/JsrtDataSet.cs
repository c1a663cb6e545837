using System.Globalization;
using System.Text.RegularExpressions;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// JSRT: 247 radiographs, <c>JPCLN001.IMG</c> … with a nodule and <c>JPCNN001.IMG</c> … without, and the masks of the SCR database in
/// <c>fold1/masks</c> and <c>fold2/masks</c>, a folder a structure with a GIF a radiograph at half the size. Labels: 1 left
/// lung, 2 right lung, 3 heart, 4 left clavicle, 5 right clavicle; they overlap.
/// </summary>
/// <remarks>
/// Layout: http://db.jsrt.or.jp/eng.php and https://www.isi.uu.nl/Research/Databases/SCR/. SCR's first fold (odd numbers, 124 images) is for training and its
/// second (123) for the test, as van Ginneken et al. divide; without the masks the split is drawn.
/// </remarks>
internal sealed partial class JsrtDataSet : IDataSet
{
    private static readonly string[] s_structures = ["left lung", "right lung", "heart", "left clavicle", "right clavicle"];

    public string Name => "JSRT";

    public DataSetFacts Facts { get; } = new(
        "Japanese Society of Radiological Technology database, masks of SCR", "segmentation of radiographs (Table 6)",
        "free for research; SCR: no redistribution, no commercial use", "http://db.jsrt.or.jp/eng.php and https://www.isi.uu.nl/Research/Databases/SCR/");

    public bool Recognises(SetFolder folder) => folder.Files.Any(f => Radiograph().IsMatch(Path.GetFileNameWithoutExtension(f)) && Path.GetExtension(f).Equals(".img", StringComparison.OrdinalIgnoreCase));

    public void Plan(SetFolder folder, PrepareSettings settings, SourcePlan plan)
    {
        var files = folder.Files.Where(f => Radiograph().IsMatch(Path.GetFileNameWithoutExtension(f))).ToArray();
        var masks = files.Select(f => (File: f, At: folder.FoldersOf(f))).Where(f => f.At is [.., _, _, _] or [.., _, _] && IsMasks(f.At))
            .ToLookup(f => Path.GetFileNameWithoutExtension(f.File).ToUpperInvariant());
        if (masks.Count == 0)
            plan.Warnings.Add($"{Name} lacks SCR's folders fold1/masks and fold2/masks: its images have no masks, and the split is drawn.");
        foreach (var file in files.Where(f => !IsMasks(folder.FoldersOf(f))))
        {
            if (!IsImage(file))
                continue;
            var name = Path.GetFileNameWithoutExtension(file).ToUpperInvariant();
            var layers = masks[name].Select(m => (m.File, Label: LabelOf(m.At[^1]), Fold: FoldOf(m.At)))
                .Where(m => m.Label > 0).OrderBy(m => m.Label).ToArray();
            string[] missing = [.. s_structures.Where((_, i) => layers.All(l => l.Label != i + 1))];
            plan.Cases.Add(folder.Case(this, file, name, settings, Modality.XRay) with
            {
                Mask = layers.Length == 0 ? null : new LayersContent([.. layers.Select(l => new MaskLayer(l.File, l.Label))]),
                Label = name.StartsWith("JPCLN", StringComparison.Ordinal) ? "nodule" : "no nodule",
                Fold = layers.Length == 0 ? null : layers[0].Fold,
                Split = layers.Length == 0 || layers[0].Fold is not { } fold ? null : fold == 0 ? Split.Train : Split.Test,
                Warnings = masks.Count > 0 && missing.Length > 0 ? [$"has no mask of {string.Join(", ", missing)}"] : [],
            });
        }

        if (plan.Cases.Count == 0)
            throw folder.Lacks(this, "file JPCLN001.IMG, JPCNN001.IMG …");
    }

    private static bool IsMasks(string[] folders) => folders.Length >= 2 && folders[^2].Equals("masks", StringComparison.OrdinalIgnoreCase);

    private static bool IsImage(string file) => Path.GetExtension(file).ToUpperInvariant() is ".IMG" or ".PNG" or ".TIF" or ".TIFF" or ".DCM";

    private static int LabelOf(string folder) => 1 + Array.FindIndex(s_structures, s => s.Equals(folder.Replace('_', ' '), StringComparison.OrdinalIgnoreCase));

    private static int? FoldOf(string[] folders) => folders.Select(f => Fold().Match(f)).LastOrDefault(m => m.Success) is { } match
        ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) - 1 : null;

    [GeneratedRegex(@"^JPC(LN|NN)\d{3}$", RegexOptions.IgnoreCase)]
    private static partial Regex Radiograph();

    [GeneratedRegex(@"^fold([12])$", RegexOptions.IgnoreCase)]
    private static partial Regex Fold();
}
