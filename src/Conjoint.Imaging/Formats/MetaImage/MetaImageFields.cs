using System.Globalization;

namespace Conjoint.Imaging;

/// <summary>The <c>Key = Value</c> lines of a MetaImage header, up to the one that says where the voxels are.</summary>
internal sealed class MetaImageFields
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _path;

    private MetaImageFields(string path) => _path = path;

    /// <summary>Bytes of the header, the line that ends it included.</summary>
    public long Bytes { get; private set; }

    /// <summary>After <c>ElementDataFile = LIST</c>: the lines that follow.</summary>
    public IReadOnlyList<string> List { get; private set; } = [];

    public string? this[string key] => _values.GetValueOrDefault(key);

    /// <exception cref="InputDataException">A line that is none of a header, or no <c>ElementDataFile</c>.</exception>
    public static MetaImageFields Read(Stream stream, string path)
    {
        var fields = new MetaImageFields(path);
        var lines = new HeaderLines(stream, path);
        while (lines.Next() is { } line)
        {
            var at = line.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 && string.IsNullOrWhiteSpace(line))
                continue;
            if (at < 1)
                throw new InputDataException(path, $"has the line '{CompanionFiles.Shown(line)}' in its MetaImage header; expected 'Key = Value'");
            var key = line[..at].Trim();
            fields._values[key] = line[(at + 1)..].Trim();
            if (!key.Equals("ElementDataFile", StringComparison.OrdinalIgnoreCase))
                continue;
            fields.Bytes = lines.Position;
            if (fields._values[key].StartsWith("LIST", StringComparison.OrdinalIgnoreCase))
                fields.List = ReadList(lines, path);
            return fields;
        }

        throw new InputDataException(path, "is a MetaImage header without ElementDataFile, its last line; it may be truncated");
    }

    /// <summary>A yes or no; no when it isn't stated.</summary>
    public bool Flag(string key) => this[key] is { } text && text.StartsWith("T", StringComparison.OrdinalIgnoreCase);

    /// <summary>A whole number; null when it isn't stated.</summary>
    /// <exception cref="InputDataException">Something else is stated.</exception>
    public long? Whole(string key)
    {
        if (this[key] is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InputDataException(_path, $"states {key} = {CompanionFiles.Shown(text)}; expected a whole number");
    }

    /// <summary>So many numbers under the first of these keys that is there; null when none is.</summary>
    /// <exception cref="InputDataException">Something else, or fewer, are stated.</exception>
    public double[]? Numbers(int count, params string[] keys)
    {
        var key = keys.FirstOrDefault(_values.ContainsKey);
        if (key is null)
            return null;
        var words = this[key]!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var numbers = new double[count];
        for (var i = 0; i < count; i++)
        {
            if (i >= words.Length || !double.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                throw new InputDataException(_path, $"states {key} = {CompanionFiles.Shown(this[key]!)}; expected {count} numbers");
        }

        return numbers;
    }

    private static List<string> ReadList(HeaderLines lines, string path)
    {
        var names = new List<string>();
        while (lines.Next() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
                names.Add(line);
            if (names.Count > CompanionFiles.MaxFiles)
                throw new InputDataException(path, $"lists more than {CompanionFiles.MaxFiles} data files");
        }

        return names;
    }
}
