namespace Conjoint.Imaging;

/// <summary>The <c>field: description</c> lines of an NRRD header; comments and <c>key:=value</c> lines are passed over.</summary>
internal sealed class NrrdFields
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Bytes of the header, the empty line that ends it included.</summary>
    public long Bytes { get; private set; }

    /// <summary>After <c>data file: LIST</c>: the lines that follow.</summary>
    public IReadOnlyList<string> List { get; private set; } = [];

    /// <summary>Whether an empty line ended the header, so that data may follow.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>The description of a field, under any of its spellings.</summary>
    public string? this[params string[] names] => names.Select(name => _values.GetValueOrDefault(name)).FirstOrDefault(value => value is not null);

    /// <exception cref="InputDataException">No NRRD header, or a line that is none of one.</exception>
    public static NrrdFields Read(Stream stream, string path)
    {
        var fields = new NrrdFields();
        var lines = new HeaderLines(stream, path);
        if (lines.Next() is not { Length: 8 } magic || !magic.StartsWith("NRRD000", StringComparison.Ordinal) || magic[7] is < '1' or > '5')
            throw new InputDataException(path, "is no NRRD file: expected a first line of NRRD0001 to NRRD0005");
        while (lines.Next() is { } line)
        {
            if (line.Length == 0)
            {
                fields.IsEnded = true;
                break;
            }

            // The first of ':=' and ': ' decides; a description may hold the other.
            var at = line.IndexOf(':', StringComparison.Ordinal);
            if (line[0] == '#' || (at > 0 && line.AsSpan(at + 1).StartsWith("=", StringComparison.Ordinal)))
                continue;
            if (at < 1)
                throw new InputDataException(path, $"has the line '{CompanionFiles.Shown(line)}' in its NRRD header; expected 'field: description'");
            var (name, value) = (line[..at].Trim(), line[(at + 1)..].Trim());
            if (!fields._values.TryAdd(name, value))
                throw new InputDataException(path, $"states '{CompanionFiles.Shown(name)}' twice in its NRRD header");
            if (name.ToUpperInvariant() is "DATA FILE" or "DATAFILE" && value.StartsWith("LIST", StringComparison.Ordinal))
            {
                fields.List = ReadList(lines, path);
                break;
            }
        }

        fields.Bytes = lines.Position;
        return fields;
    }

    private static List<string> ReadList(HeaderLines lines, string path)
    {
        var names = new List<string>();
        while (lines.Next() is { Length: > 0 } line)
        {
            names.Add(line);
            if (names.Count > CompanionFiles.MaxFiles)
                throw new InputDataException(path, $"lists more than {CompanionFiles.MaxFiles} data files");
        }

        return names;
    }
}
