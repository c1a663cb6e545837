using Conjoint.Runtime;

namespace Conjoint.Benchmarks.Tables;

/// <summary>A table of the paper: its rows, columns, published values and the marks that its caption explains.</summary>
/// <param name="Number">As the paper counts.</param>
/// <param name="Title">The caption's first sentence, in short.</param>
/// <param name="Rows">Methods in the paper's order.</param>
/// <param name="Columns">What is measured, in the paper's order.</param>
/// <param name="Published">Published text of a cell by row and column name.</param>
/// <param name="Marks">Which of the values are marked, and how.</param>
public sealed record PaperTable(
    int Number, string Title, IReadOnlyList<TableMethod> Rows, IReadOnlyList<TableColumn> Columns, IReadOnlyDictionary<(string Row, string Column), string> Published, TableMarks Marks)
{
    /// <summary>The tables that are computed from fine-tunings.</summary>
    public static IReadOnlyList<int> Numbers { get; } = [3, 4, 5, 6, 7];

    /// <summary>A table, with its columns' stand-ins where the paper's own data are not used.</summary>
    /// <param name="number">One of <see cref="Numbers"/>.</param>
    /// <param name="scale"><c>tiny</c>, <c>small</c> or <c>full</c>.</param>
    /// <exception cref="ConfigurationException">There is no such table.</exception>
    public static PaperTable Of(int number, string scale)
    {
        var published = PublishedTable.Of(number);
        var columns = scale == "full" ? published.Columns : StandIns(number, scale);
        // A stand-in takes the published values of the column that it stands in for.
        var values = new Dictionary<(string, string), string>();
        foreach (var column in columns)
        {
            var paper = published.Columns.FirstOrDefault(c => column.Name.StartsWith(c.Name, StringComparison.Ordinal));
            foreach (var row in published.Rows.Where(r => paper is not null && published.Values.ContainsKey((r.Name, paper.Name))))
                values[(row.Name, column.Name)] = published.Values[(row.Name, paper!.Name)];
        }

        return new PaperTable(number, published.Title, published.Rows, columns, values, published.Marks);
    }

    /// <summary>Columns on the sets of a scale; their names begin with those of the paper's columns.</summary>
    private static IReadOnlyList<TableColumn> StandIns(int number, string scale)
    {
        // Each stands in for the column of its own modality: hippocampus is MR.
        var (modality, volumes, classes, boxes, images) = scale == "tiny" ? ("CT", "ct", "ct", "radiographs", "ct") : ("MRI", "hippocampus", "adrenal", "lung_boxes", "jsrt");
        return number switch
        {
            3 => [new($"BraTS2018: {volumes}", ColumnScore.Iou, volumes), new($"LUNA2016-v2: {classes}", ColumnScore.Auc, classes)],
            4 => [new($"MMWHS ({modality}): {volumes}", ColumnScore.Iou, volumes)],
            5 => [new($"VinDr-CXR: {boxes}", ColumnScore.AveragePrecision, boxes)],
            6 => [.. PublishedTable.Of(6).Columns.Select(c => c with { Name = $"{c.Name}: {images}", Set = images })],
            _ => [new($"{modality}: {volumes}", ColumnScore.Iou, volumes)],
        };
    }
}

/// <summary>How a caption marks values: the two best bold and italic, the best of all underlined.</summary>
/// <param name="TopTwo">Whether the best is bold and the second best italic.</param>
/// <param name="AmongTwoDimensional">Whether only methods with 2D nets, plain or combined, count for that.</param>
/// <param name="BestUnderlined">Whether the best of all methods is underlined.</param>
public sealed record TableMarks(bool TopTwo, bool AmongTwoDimensional, bool BestUnderlined);
