using Conjoint.Imaging;
using CsvHelper;

namespace Conjoint.Data;

/// <summary>One line of <c>index.csv</c> or <c>boxes.csv</c>.</summary>
/// <param name="Line">Line number in the file, from 1.</param>
/// <param name="Values">Text by column name, without case; empty cells are left out.</param>
internal sealed record TableRow(int Line, IReadOnlyDictionary<string, string> Values)
{
    public string? this[string column] => Values.GetValueOrDefault(column);
}

/// <summary>A CSV file with a header line.</summary>
internal sealed record Table(string Path, IReadOnlyList<string> Columns, IReadOnlyList<TableRow> Rows)
{
    private static readonly CsvReaderOptions Options = new()
    {
        TrimWhitespace = true,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        MaxRecordSize = 1 << 20, // an unclosed quote must not swallow a large file
    };

    public bool Has(string column) => Columns.Contains(column, StringComparer.OrdinalIgnoreCase);

    /// <param name="path">The file.</param>
    /// <param name="required">A column that has to be there.</param>
    /// <exception cref="InputDataException">No CSV, without a header, or without that column.</exception>
    public static Table Read(string path, string required = "image")
    {
        try
        {
            using var csv = CsvReader.FromFile(path, Options);
            var columns = csv.Headers.ToArray();
            if (!columns.Contains(required, StringComparer.OrdinalIgnoreCase))
                throw new InputDataException(path, columns.Length == 0 ? $"is empty; expected a header line with a column '{required}'" : $"has no column '{required}'; its columns are {string.Join(", ", columns)}");
            var rows = new List<TableRow>();
            while (csv.Read())
            {
                if (RowOf(csv, columns) is { Count: > 0 } values)
                    rows.Add(new TableRow((int)csv.LineNumber, values));
            }

            return new Table(path, columns, rows);
        }
        catch (CsvFormatException error)
        {
            throw new InputDataException(path, $"line {error.LineNumber} is no proper CSV; check its quotes", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputDataException(path, $"cannot be read ({error.Message})", error);
        }
    }

    private static Dictionary<string, string> RowOf(CsvReader csv, string[] columns)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var c = 0; c < columns.Length && c < csv.FieldCount; c++)
        {
            if (csv.GetString(c) is { Length: > 0 } text)
                values.TryAdd(columns[c], text);
        }

        return values;
    }
}
