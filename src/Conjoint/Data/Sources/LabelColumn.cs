using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>Which column of a table holds the class of the whole case.</summary>
internal static class LabelColumn
{
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "image", "mask", "subject", "split", "volume", "frame", "dataset", "modality", "x1", "y1", "x2", "y2", "class", "width", "height",
    };

    /// <summary>The named column; else <c>label</c>; else the first further column that holds 0 and 1 and nothing else; else null.</summary>
    /// <exception cref="InputDataException">The table lacks the named column.</exception>
    public static string? Of(Table table, string? named)
    {
        if (named is not null)
        {
            return table.Has(named)
                ? named
                : throw new InputDataException(table.Path, $"has no column '{named}' for the label; its columns are {string.Join(", ", table.Columns)}");
        }

        return table.Has("label") ? "label" : table.Columns.FirstOrDefault(c => !Known.Contains(c) && IsBinary(table, c));
    }

    private static bool IsBinary(Table table, string column)
    {
        var values = table.Rows.Select(r => r[column]).OfType<string>().ToHashSet();
        return values.SetEquals(["0", "1"]);
    }
}
