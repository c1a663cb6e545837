using System.Globalization;

namespace Conjoint.Data;

/// <summary>Boxes that a table states, by the full path of their image.</summary>
internal sealed class TableBoxes
{
    private static readonly string[] Columns = ["x1", "y1", "x2", "y2", "class"];

    private readonly Dictionary<string, BoxPlan> _byImage = [];

    public BoxPlan? Of(string imagePath) => _byImage.GetValueOrDefault(imagePath);

    public static bool IsIn(Table table) => Columns.All(table.Has);

    /// <summary>Adds a line: a box, or with empty cells the statement that the image has none.</summary>
    /// <returns>What is wrong with the line; null when nothing is.</returns>
    public string? Add(string imagePath, TableRow row)
    {
        var known = _byImage.GetValueOrDefault(imagePath) ?? new BoxPlan([], Whole(row["width"]), Whole(row["height"]));
        _byImage[imagePath] = known;
        if (Columns.All(c => row[c] is null))
            return null;

        var corners = new double[4];
        for (var i = 0; i < 4; i++)
        {
            if (!double.TryParse(row[Columns[i]], NumberStyles.Float, CultureInfo.InvariantCulture, out corners[i]) || !double.IsFinite(corners[i]))
                return $"{Columns[i]} is '{row[Columns[i]]}'; expected a number of pixels";
        }

        if (row["class"] is not { } name)
            return "has no class; expected the name of what the box holds";
        if (corners[2] <= corners[0] || corners[3] <= corners[1])
            return $"has no area: its corners are ({corners[0]}, {corners[1]}) and ({corners[2]}, {corners[3]}); expected x1 < x2 and y1 < y2";
        _byImage[imagePath] = known with { Boxes = [.. known.Boxes, new Box(corners[0], corners[1], corners[2], corners[3], name)] };
        return null;
    }

    private static int? Whole(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
