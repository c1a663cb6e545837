using System.Globalization;

namespace Conjoint.Imaging;

/// <summary>Turns a MetaImage header into a <see cref="RawLayout"/>.</summary>
/// <remarks>
/// Specification: MetaIO documentation (itk.org/Wiki/ITK/MetaIO/Documentation); where it is silent, as ITK 5.2's MetaImageIO reads.
/// </remarks>
internal static class MetaImageHeaderReader
{
    private const int MaxSamples = 1 << 12;

    /// <exception cref="InputDataException">Damaged, or of a kind that can't be read.</exception>
    public static RawLayout Read(string path)
    {
        using var stream = InputFile.Open(path);
        var fields = MetaImageFields.Read(stream, path);
        if (fields["ObjectType"] is { } kind && !kind.Equals("Image", StringComparison.OrdinalIgnoreCase))
            throw new InputDataException(path, $"is a MetaIO object of type {CompanionFiles.Shown(kind)}; expected Image");

        var dimensions = fields.Whole("NDims") ?? throw new InputDataException(path, "is a MetaImage header without NDims");
        if (dimensions is < 2 or > 4)
            throw new InputDataException(path, $"declares {dimensions} dimensions in its MetaImage header; expected 2 to 4");
        var axes = Axes(fields, (int)dimensions, path);
        var type = fields["ElementType"] ?? "";
        var dtype = ElementTypeOf(type) ?? throw new InputDataException(path,
            $"has the MetaImage element type '{CompanionFiles.Shown(type)}'; expected whole or floating-point numbers such as MET_SHORT");

        var isText = fields["BinaryData"] is not null && !fields.Flag("BinaryData");
        var isCompressed = fields.Flag("CompressedData");
        if (isText && isCompressed)
            throw new InputDataException(path, "declares values in text and compressed at once; expected one of the two");
        var problems = new List<string>();
        var (affine, spacing) = Geometry(fields, (int)dimensions, problems);
        return new RawLayout
        {
            HeaderPath = path,
            Format = MetaImageFormat.FormatName,
            Axes = axes,
            DType = dtype,
            IsBigEndian = fields.Flag("ElementByteOrderMSB") || fields.Flag("BinaryDataByteOrderMSB"),
            Encoding = isText ? RawEncoding.Text : isCompressed ? RawEncoding.Deflate : RawEncoding.Plain,
            Files = Files(fields, isCompressed, path),
            Affine = affine,
            SpacingMm = spacing,
            IsColour = dtype is ElementType.UInt8 or ElementType.UInt16,
            Problems = problems,
        }.Check();
    }

    private static List<RawAxis> Axes(MetaImageFields fields, int dimensions, string path)
    {
        var sizes = fields.Numbers(dimensions, "DimSize") ?? throw new InputDataException(path, "is a MetaImage header without DimSize");
        var axes = new List<RawAxis>();
        var samples = fields.Whole("ElementNumberOfChannels") ?? 1;
        if (samples is < 1 or > MaxSamples)
            throw new InputDataException(path, $"declares {samples} channels; expected 1 to {MaxSamples}");
        if (samples > 1)
            axes.Add(new RawAxis((int)samples, RawAxisKind.Sample));
        for (var axis = 0; axis < dimensions; axis++)
        {
            if (!(sizes[axis] >= 1 && sizes[axis] <= int.MaxValue && sizes[axis] == Math.Floor(sizes[axis])))
                throw new InputDataException(path, $"declares {sizes[axis]:g6} voxels along axis {axis + 1}; expected 1 to {int.MaxValue}");
            axes.Add(new RawAxis((int)sizes[axis], axis < 3 ? RawAxisKind.Space : RawAxisKind.Frame));
        }

        return axes;
    }

    /// <summary>MetaImage states positions in LPS; its TransformMatrix holds the direction of one axis after the other.</summary>
    private static (Affine Affine, double[] SpacingMm) Geometry(MetaImageFields fields, int dimensions, List<string> problems)
    {
        var stated = fields.Numbers(dimensions, "ElementSpacing", "ElementSize");
        var directions = fields.Numbers(dimensions * dimensions, "TransformMatrix", "Rotation", "Orientation");
        var offset = fields.Numbers(dimensions, "Offset", "Position", "Origin");
        var inSpace = Math.Min(dimensions, 3);
        var spacing = new double[] { 1, 1, 1 };
        var steps = new double[inSpace][];
        var origin = new double[3];
        for (var axis = 0; axis < inSpace; axis++)
        {
            var length = stated is null ? 1 : SpaceGeometry.Usable(stated[axis], axis, problems);
            spacing[axis] = Math.Abs(length);
            steps[axis] = new double[3];
            for (var row = 0; row < inSpace; row++)
                steps[axis][row] = length * (directions is null ? (row == axis ? 1 : 0) : directions[axis * dimensions + row]);
            origin[axis] = offset?[axis] ?? 0;
        }

        if (stated is null)
            problems.Add("states no ElementSpacing; 1 mm is assumed");
        var affine = SpaceGeometry.ToRas(steps, origin, SpaceGeometry.LpsToRas);
        if (!affine.IsInvertible)
            problems.Add("the affine can't be inverted; expected three axes of non-zero length in different directions");
        return (affine, spacing);
    }

    private static IReadOnlyList<RawFile> Files(MetaImageFields fields, bool isCompressed, string path)
    {
        var stated = fields["ElementDataFile"]!;
        var headerSize = fields.Whole("HeaderSize") ?? 0;
        if (headerSize < -1 || (headerSize == -1 && isCompressed))
            throw new InputDataException(path, $"states HeaderSize = {headerSize}; expected 0 or more, or -1 for plain values at the end of their file");
        var compressed = isCompressed ? fields.Whole("CompressedDataSize") : null;
        if (compressed < 0)
            throw new InputDataException(path, $"states CompressedDataSize = {compressed}; expected 0 or more");
        if (stated.Equals("LOCAL", StringComparison.OrdinalIgnoreCase))
            return [new RawFile(path) { Offset = fields.Bytes + Math.Max(0, headerSize), IsAtEnd = headerSize == -1, EncodedBytes = compressed > 0 ? compressed : null }];

        var names = Names(fields, stated, path);
        return [.. names.Select(name => new RawFile(CompanionFiles.Find(path, name))
        {
            Offset = Math.Max(0, headerSize),
            IsAtEnd = headerSize == -1,
            EncodedBytes = names.Count == 1 && compressed > 0 ? compressed : null,
        })];
    }

    private static IReadOnlyList<string> Names(MetaImageFields fields, string stated, string path)
    {
        if (stated.StartsWith("LIST", StringComparison.OrdinalIgnoreCase))
        {
            return fields.List.Count > 0
                ? fields.List
                : throw new InputDataException(path, "announces a list of data files after ElementDataFile = LIST, but none follows");
        }

        // "slice%03d.raw 1 40 1": pattern, first, last and step, which is 1 when left out.
        var words = stated.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (!stated.Contains('%', StringComparison.Ordinal) || words.Length < 3)
            return [stated];
        var numbers = new List<int>();
        foreach (var word in words.Skip(1).Take(3))
        {
            numbers.Add(int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new InputDataException(path, $"numbers its data files by '{CompanionFiles.Shown(stated)}'; expected a pattern, first, last and step"));
        }

        return CompanionFiles.Numbered(path, words[0], numbers[0], numbers[1], numbers.Count > 2 ? numbers[2] : 1);
    }

    /// <summary>A long of MetaIO has four bytes, whatever the machine.</summary>
    private static ElementType? ElementTypeOf(string name)
    {
        const string Array = "_ARRAY";
        var upper = name.ToUpperInvariant();
        return (upper.EndsWith(Array, StringComparison.Ordinal) ? upper[..^Array.Length] : upper) switch
        {
            "MET_CHAR" => ElementType.Int8,
            "MET_UCHAR" => ElementType.UInt8,
            "MET_SHORT" => ElementType.Int16,
            "MET_USHORT" => ElementType.UInt16,
            "MET_INT" or "MET_LONG" => ElementType.Int32,
            "MET_UINT" or "MET_ULONG" => ElementType.UInt32,
            "MET_LONG_LONG" => ElementType.Int64,
            "MET_ULONG_LONG" => ElementType.UInt64,
            "MET_FLOAT" => ElementType.Float32,
            "MET_DOUBLE" => ElementType.Float64,
            _ => null,
        };
    }
}
