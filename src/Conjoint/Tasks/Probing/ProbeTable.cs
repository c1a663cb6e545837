using Conjoint.Data;
using Conjoint.Imaging;

namespace Conjoint.Tasks.Probing;

/// <summary>Looks up a column of a table for the cases of a store.</summary>
internal static class ProbeTable
{
    /// <summary>Columns that say which case a line is about; the first one that names cases of the store is taken.</summary>
    private static readonly string[] Keys = ["case", "image", "subject"];

    /// <summary>The values of the column by case id; cases that the table doesn't name, or whose cell is empty, are left out.</summary>
    /// <param name="path">A CSV file.</param>
    /// <param name="column">The column.</param>
    /// <param name="cases">Of the store.</param>
    /// <exception cref="InputDataException">No such table or column, no line about a case of the store, or two values for one case.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path, string column, IReadOnlyList<StoreCase> cases)
    {
        var table = Table.Read(path, column);
        foreach (var key in Keys.Where(table.Has))
        {
            if (Match(table, key, column, cases) is { Count: > 0 } values)
                return values;
        }

        throw new InputDataException(path, $"names no case of the store; expected one of the columns {string.Join(", ", Keys)}, with the case's id, the path that it was prepared from, or its subject. Its columns are {string.Join(", ", table.Columns)}");
    }

    private static Dictionary<string, string> Match(Table table, string key, string column, IReadOnlyList<StoreCase> cases)
    {
        var named = cases.ToLookup(c => key switch { "case" => c.Id, "image" => FileName(c.Source), _ => c.Subject }, StringComparer.Ordinal);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in table.Rows)
        {
            if (row[key] is not { } name || row[column] is not { } value)
                continue;
            var meant = key == "image" ? [.. named[FileName(name)].Where(c => IsSame(c.Source, name.Replace('\\', '/')))] : named[name].ToArray();
            if (key == "image" && meant.Length > 1)
                throw new InputDataException(table.Path, $"line {row.Line}: '{name}' is the end of the paths of {meant.Length} cases; expected more of the path, or a column 'case'");
            foreach (var storeCase in meant)
            {
                if (!values.TryAdd(storeCase.Id, value) && values[storeCase.Id] != value)
                    throw new InputDataException(table.Path, $"line {row.Line}: case {storeCase.Id} has '{values[storeCase.Id]}' and '{value}' in column '{column}'; expected one value a case");
            }
        }

        return values;
    }

    private static string FileName(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..];

    /// <summary>A table's paths and a store's begin in different folders: the shorter one has to be the end of the other.</summary>
    private static bool IsSame(string source, string stated) =>
        source == stated || source.EndsWith("/" + stated, StringComparison.Ordinal) || stated.EndsWith("/" + source, StringComparison.Ordinal);
}
