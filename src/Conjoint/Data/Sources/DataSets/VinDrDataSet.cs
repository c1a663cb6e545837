using System.Globalization;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// VinDr-CXR: radiographs <c>train/ID.dicom</c> and <c>test/ID.dicom</c>, and boxes in <c>annotations/annotations_train.csv</c> and
/// <c>annotations_test.csv</c> (<c>image_id, rad_id, class_name, x_min, y_min, x_max, y_max</c>), where <c>No finding</c> has no
/// corners. Three readers drew for each training image: theirs are merged by <see cref="WeightedBoxFusion"/>. The test set comes as a
/// consensus of five and is taken as it is.
/// </summary>
/// <remarks>
/// Layout: https://physionet.org/content/vindr-cxr/1.0.0/; <c>train.csv</c> of the Kaggle competition, with the same columns, serves too. The set
/// names no patients: each image is its own subject. Images may also be PNG or JPEG of the same names and sizes.
/// </remarks>
internal sealed class VinDrDataSet : IDataSet
{
    public const string NoFinding = "No finding";

    private static readonly string[] s_images = [".dicom", ".dcm", ".png", ".jpg", ".jpeg"];
    private static readonly string[] s_corners = ["x_min", "y_min", "x_max", "y_max"];

    public string Name => "VinDr-CXR";

    public DataSetFacts Facts { get; } = new(
        "VinDr-CXR", "abnormality detection (Table 5)", "PhysioNet Credentialed Health Data License 1.5.0", "https://physionet.org/content/vindr-cxr/1.0.0/");

    public bool Recognises(SetFolder folder) => folder.Named("annotations_train.csv") is not null && Directory.Exists(Path.Combine(folder.Path, "train"));

    public void Plan(SetFolder folder, PrepareSettings settings, SourcePlan plan)
    {
        var found = false;
        foreach (var (part, split, lists) in new[] { ("train", Split.Train, new[] { "annotations_train.csv", "train.csv" }), ("test", Split.Test, ["annotations_test.csv"]) })
        {
            var images = folder.Ending(s_images).Where(f => folder.FoldersOf(f).LastOrDefault()?.Equals(part, StringComparison.OrdinalIgnoreCase) == true).ToArray();
            if (images.Length == 0)
                continue;
            found = true;
            var list = lists.Select(folder.Named).FirstOrDefault(l => l is not null);
            if (list is null)
                plan.Warnings.Add($"{Name} lacks annotations/{lists[0]}: its {part} images have no boxes.");
            var marks = list is null ? null : Marks(list);
            foreach (var file in images)
                Add(folder, file, split, marks, settings, plan);
        }

        if (!found)
            throw folder.Lacks(this, "folder train/ or test/ with .dicom files");
    }

    private void Add(SetFolder folder, string file, string split, ILookup<string, Mark>? marks, PrepareSettings settings, SourcePlan plan)
    {
        var id = FileNames.Stem(file);
        BoxPlan? boxes = null;
        if (marks is not null)
        {
            if (!marks.Contains(id))
            {
                plan.Skipped.Add(new SkippedInput(folder.Show(file), "is in no line of its annotations; an image without findings has a line that says so", "table"));
                return;
            }

            boxes = new BoxPlan(Merged([.. marks[id]]), null, null);
        }

        plan.Cases.Add(folder.Case(this, file, id, settings, Modality.XRay) with
        {
            Split = split,
            Boxes = boxes,
            Label = boxes is null ? null : boxes.Boxes.Count == 0 ? NoFinding : "Finding",
        });
    }

    /// <summary>One reader's boxes stay; those of several are merged, each with the same trust.</summary>
    internal static IReadOnlyList<Box> Merged(IReadOnlyList<Mark> marks)
    {
        string[] readers = [.. marks.Select(m => m.Reader).Distinct(StringComparer.Ordinal)];
        var drawn = marks.Where(m => m.Box is not null).ToArray();
        return readers.Length <= 1
            ? [.. drawn.Select(m => m.Box!)]
            : [.. WeightedBoxFusion.Fuse([.. drawn.Select(m => new ScoredBox(m.Box!, 1))], readers.Length).Select(f => f.Box)];
    }

    private static ILookup<string, Mark> Marks(string path) =>
        Table.Read(path, "image_id").Rows.Where(r => r["image_id"] is not null).Select(r => (Id: r["image_id"]!, Mark: MarkOf(r, path))).ToLookup(m => m.Id, m => m.Mark, StringComparer.Ordinal);

    private static Mark MarkOf(TableRow row, string path)
    {
        var reader = row["rad_id"] ?? "";
        var name = row["class_name"] ?? throw new InputDataException(path, $"line {row.Line} has no class_name");
        if (name.Equals(NoFinding, StringComparison.OrdinalIgnoreCase))
            return new Mark(reader, null);
        var corners = new double[4];
        for (var i = 0; i < 4; i++)
        {
            if (!double.TryParse(row[s_corners[i]], NumberStyles.Float, CultureInfo.InvariantCulture, out corners[i]) || !double.IsFinite(corners[i]))
                throw new InputDataException(path, $"line {row.Line}: {s_corners[i]} is '{row[s_corners[i]]}'; expected a number of pixels");
        }

        return corners[2] > corners[0] && corners[3] > corners[1]
            ? new Mark(reader, new Box(corners[0], corners[1], corners[2], corners[3], name))
            : throw new InputDataException(path, $"line {row.Line}: its box has no area; expected x_min < x_max and y_min < y_max");
    }

    /// <summary>A line: a reader's box, or the statement that this reader saw nothing.</summary>
    internal sealed record Mark(string Reader, Box? Box);
}
