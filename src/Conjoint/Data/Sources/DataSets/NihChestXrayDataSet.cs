using System.Globalization;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// NIH ChestX-ray8 (published as ChestX-ray14 with 112,120 images): PNG radiographs <c>PPPPPPPP_NNN.png</c> in <c>images_001</c> to
/// <c>_012</c> or one folder, the findings in <c>Data_Entry_2017….csv</c>, boxes for about a thousand images in
/// <c>BBox_List_2017.csv</c>, and the owners' lists <c>train_val_list.txt</c> and <c>test_list.txt</c>, which are by patient.
/// </summary>
/// <remarks>
/// Layout: https://nihcc.app.box.com/v/ChestXray-NIHCC. The first eight digits are the patient's public number. A case has one class in a
/// store, so that the list of findings becomes <c>Finding</c> or <c>No Finding</c>. Boxes are x, y, width and height in pixels of the 1024² image.
/// Table 1 counts 108,948 images, the number of the first publication.
/// </remarks>
internal sealed class NihChestXrayDataSet : IDataSet
{
    private const string BoxList = "BBox_List_2017.csv";
    private const string TrainingList = "train_val_list.txt";
    private const string TestList = "test_list.txt";
    private const string NoFinding = "No Finding";
    private const int PatientDigits = 8;

    public string Name => "NIH-ChestXray8";

    public DataSetFacts Facts { get; } = new(
        "NIH ChestX-ray8 / ChestX-ray14", "pre-training (Unified), as single images",
        "free to use with attribution to the NIH Clinical Center", "https://nihcc.app.box.com/v/ChestXray-NIHCC", 108_948);

    public bool Recognises(SetFolder folder) => File.Exists(Path.Combine(folder.Path, BoxList)) || Entries(folder) is not null;

    public void Plan(SetFolder folder, PrepareSettings settings, SourcePlan plan)
    {
        var splits = Splits(folder, plan);
        var boxes = Boxes(folder, plan);
        var findings = Findings(folder, plan);
        foreach (var file in folder.Ending(".png"))
        {
            var name = Path.GetFileName(file);
            if (PatientOf(name) is not { } patient)
            {
                plan.Skipped.Add(new SkippedInput(folder.Show(file), "is not named PPPPPPPP_NNN.png after a patient and an image", "unused"));
                continue;
            }

            string? split = null;
            if (splits is not null && !splits.TryGetValue(name, out split))
            {
                plan.Skipped.Add(new SkippedInput(folder.Show(file), $"is in neither {TrainingList} nor {TestList}", "unused"));
                continue;
            }

            plan.Cases.Add(folder.Case(this, file, patient, settings, Modality.XRay) with
            {
                Split = split,
                Label = findings?.GetValueOrDefault(name),
                Boxes = boxes?.GetValueOrDefault(name),
            });
        }

        if (plan.Cases.Count == 0 && plan.Skipped.Count == 0)
            throw folder.Lacks(this, "image 00000001_000.png …");
    }

    private static string? PatientOf(string name) =>
        name.Length > PatientDigits && name[PatientDigits] == '_' && name.AsSpan(0, PatientDigits).IndexOfAnyExceptInRange('0', '9') < 0 ? name[..PatientDigits] : null;

    private Dictionary<string, string>? Splits(SetFolder folder, SourcePlan plan)
    {
        var (training, test) = (folder.Named(TrainingList), folder.Named(TestList));
        if (training is null || test is null)
        {
            plan.Warnings.Add($"{Name} lacks {(training is null ? TrainingList : TestList)}: the split is drawn by patient instead of the owners'.");
            return null;
        }

        var splits = SetFolder.Lines(training).ToDictionary(l => Plain(training, l), _ => Split.Train, StringComparer.Ordinal);
        foreach (var line in SetFolder.Lines(test))
            splits[Plain(test, line)] = Split.Test;
        return splits;
    }

    /// <summary>A list's entry, which is the name of a file and no path.</summary>
    private static string Plain(string list, string entry) => entry.AsSpan().IndexOfAny('/', '\\') < 0 && entry != ".."
        ? entry
        : throw new InputDataException(list, $"names '{entry}'; expected names of images without folders");

    private Dictionary<string, BoxPlan>? Boxes(SetFolder folder, SourcePlan plan)
    {
        if (folder.Named(BoxList) is not { } path)
        {
            plan.Warnings.Add($"{Name} lacks {BoxList}: its images have no boxes.");
            return null;
        }

        // Its header splits one title, "Bbox [x,y,w,h]", over four columns and has empty ones behind: cells are taken by their place.
        var boxes = new Dictionary<string, BoxPlan>(StringComparer.Ordinal);
        var lines = SetFolder.Lines(path);
        for (var i = 1; i < lines.Count; i++)
        {
            var cells = lines[i].Split(',', StringSplitOptions.TrimEntries);
            var corner = new double[4];
            if (cells.Length < 6 || !Enumerable.Range(0, 4).All(c => double.TryParse(cells[2 + c], NumberStyles.Float, CultureInfo.InvariantCulture, out corner[c]) && double.IsFinite(corner[c]))
                || corner[2] <= 0 || corner[3] <= 0)
            {
                throw new InputDataException(path, $"line {i + 1} is no image, finding, x, y, width and height");
            }

            var box = new Box(corner[0], corner[1], corner[0] + corner[2], corner[1] + corner[3], cells[1]);
            var known = boxes.GetValueOrDefault(cells[0])?.Boxes ?? [];
            boxes[cells[0]] = new BoxPlan([.. known, box], null, null);
        }

        return boxes;
    }

    private Dictionary<string, string>? Findings(SetFolder folder, SourcePlan plan)
    {
        if (Entries(folder) is not { } path)
        {
            plan.Warnings.Add($"{Name} lacks Data_Entry_2017.csv: its images have no class.");
            return null;
        }

        var findings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in SetFolder.Lines(path).Skip(1))
        {
            var cells = line.Split(',', 3, StringSplitOptions.TrimEntries);
            if (cells.Length == 3 && cells[1].Length > 0)
                findings[cells[0]] = cells[1].Equals(NoFinding, StringComparison.OrdinalIgnoreCase) ? NoFinding : "Finding";
        }

        return findings;
    }

    private static string? Entries(SetFolder folder) => folder.Ending(".csv").FirstOrDefault(f => Path.GetFileName(f).StartsWith("Data_Entry_2017", StringComparison.OrdinalIgnoreCase));
}
