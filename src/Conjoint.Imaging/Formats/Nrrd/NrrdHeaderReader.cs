using System.Globalization;

namespace Conjoint.Imaging;

/// <summary>Turns an NRRD header into a <see cref="RawLayout"/>.</summary>
/// <remarks>Specification: Definition of NRRD File Format (teem.sourceforge.net/nrrd/format.html), versions 1 to 5.</remarks>
internal static class NrrdHeaderReader
{
    private const int MaxAxes = 16;

    /// <exception cref="InputDataException">Damaged, or of a kind that can't be read.</exception>
    public static RawLayout Read(string path)
    {
        using var stream = InputFile.Open(path);
        var fields = NrrdFields.Read(stream, path);
        var sizes = Sizes(fields, path);
        var type = fields["type"] ?? throw new InputDataException(path, "is an NRRD header without 'type'");
        var dtype = ElementTypeOf(type) ?? throw new InputDataException(path,
            $"has the NRRD type '{CompanionFiles.Shown(type)}'; expected whole or floating-point numbers such as short or float");
        var encoding = EncodingOf(fields["encoding"] ?? "raw", path);
        var geometry = NrrdGeometry.Read(fields, sizes, path);
        var isBigEndian = false;
        if (dtype.SizeInBytes() > 1 && encoding != RawEncoding.Text)
        {
            isBigEndian = "big".Equals(fields["endian"], StringComparison.OrdinalIgnoreCase);
            if (fields["endian"] is null)
                geometry.Problems.Add("states no byte order; little endian is assumed");
        }

        return new RawLayout
        {
            HeaderPath = path,
            Format = NrrdFormat.FormatName,
            Axes = geometry.Axes,
            DType = dtype,
            IsBigEndian = isBigEndian,
            Encoding = encoding,
            Files = Files(fields, encoding, path),
            Affine = geometry.Affine,
            SpacingMm = geometry.SpacingMm,
            IsColour = geometry.IsColour || dtype is ElementType.UInt8 or ElementType.UInt16,
            Problems = geometry.Problems,
        }.Check();
    }

    private static int[] Sizes(NrrdFields fields, string path)
    {
        var dimension = Whole(fields, 0, path, "dimension");
        if (dimension is < 1 or > MaxAxes)
            throw new InputDataException(path, $"declares {dimension} axes in its NRRD header; expected 1 to {MaxAxes}");
        var words = (fields["sizes"] ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != dimension)
            throw new InputDataException(path, $"declares {dimension} axes and {words.Length} sizes in its NRRD header; expected a size for each axis");
        return [.. words.Select((word, axis) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0
            ? size
            : throw new InputDataException(path, $"declares '{CompanionFiles.Shown(word)}' voxels along axis {axis + 1}; expected 1 to {int.MaxValue}"))];
    }

    private static IReadOnlyList<RawFile> Files(NrrdFields fields, RawEncoding encoding, string path)
    {
        var lines = Whole(fields, 0, path, "line skip", "lineskip");
        var bytes = Whole(fields, 0, path, "byte skip", "byteskip");
        if (lines < 0 || bytes < -1 || (bytes == -1 && encoding != RawEncoding.Plain))
            throw new InputDataException(path, "states a line skip or byte skip below 0; expected 0 or more, or a byte skip of -1 for raw values at the end of their file");

        if (fields["data file", "datafile"] is not { } stated)
        {
            return fields.IsEnded
                ? [new RawFile(path) { Offset = fields.Bytes, SkipLines = lines, SkipBytes = Math.Max(0, bytes), IsAtEnd = bytes == -1 }]
                : throw new InputDataException(path, "is truncated: its NRRD header neither names a data file nor ends with an empty line");
        }

        return [.. Names(fields, stated, path).Select(name => new RawFile(CompanionFiles.Find(path, name))
        {
            SkipLines = lines,
            SkipBytes = Math.Max(0, bytes),
            IsAtEnd = bytes == -1,
        })];
    }

    private static IReadOnlyList<string> Names(NrrdFields fields, string stated, string path)
    {
        if (stated.StartsWith("LIST", StringComparison.Ordinal))
        {
            return fields.List.Count > 0
                ? fields.List
                : throw new InputDataException(path, "announces a list of data files after 'data file: LIST', but none follows");
        }

        // "slice%03d.raw 1 40 1 [2]": pattern, first, last, step and the number of axes in a file, which follows from the rest.
        var words = stated.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (!stated.Contains('%', StringComparison.Ordinal) || words.Length < 4)
            return [stated];
        var numbers = words.Skip(1).Take(3).Select(word => int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InputDataException(path, $"numbers its data files by '{CompanionFiles.Shown(stated)}'; expected a pattern, first, last and step")).ToList();
        return CompanionFiles.Numbered(path, words[0], numbers[0], numbers[1], numbers[2]);
    }

    private static long Whole(NrrdFields fields, long absent, string path, params string[] names)
    {
        if (fields[names] is not { } text)
            return absent;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InputDataException(path, $"states '{names[0]}: {CompanionFiles.Shown(text)}'; expected a whole number");
    }

    private static RawEncoding EncodingOf(string name, string path) => name.ToUpperInvariant() switch
    {
        "RAW" => RawEncoding.Plain,
        "GZ" or "GZIP" => RawEncoding.Deflate,
        "BZ2" or "BZIP2" => RawEncoding.Bzip2,
        "TXT" or "TEXT" or "ASCII" => RawEncoding.Text,
        "HEX" => RawEncoding.Hex,
        _ => throw new InputDataException(path, $"has the NRRD encoding '{CompanionFiles.Shown(name)}'; expected raw, gzip, bzip2, ascii or hex"),
    };

    private static ElementType? ElementTypeOf(string name) => string.Join(' ', name.ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) switch
    {
        "SIGNED CHAR" or "INT8" or "INT8_T" => ElementType.Int8,
        "UCHAR" or "UNSIGNED CHAR" or "UINT8" or "UINT8_T" => ElementType.UInt8,
        "SHORT" or "SHORT INT" or "SIGNED SHORT" or "SIGNED SHORT INT" or "INT16" or "INT16_T" => ElementType.Int16,
        "USHORT" or "UNSIGNED SHORT" or "UNSIGNED SHORT INT" or "UINT16" or "UINT16_T" => ElementType.UInt16,
        "INT" or "SIGNED INT" or "INT32" or "INT32_T" => ElementType.Int32,
        "UINT" or "UNSIGNED INT" or "UINT32" or "UINT32_T" => ElementType.UInt32,
        "LONGLONG" or "LONG LONG" or "LONG LONG INT" or "SIGNED LONG LONG" or "SIGNED LONG LONG INT" or "INT64" or "INT64_T" => ElementType.Int64,
        "ULONGLONG" or "UNSIGNED LONG LONG" or "UNSIGNED LONG LONG INT" or "UINT64" or "UINT64_T" => ElementType.UInt64,
        "FLOAT" => ElementType.Float32,
        "DOUBLE" => ElementType.Float64,
        _ => null,
    };
}
