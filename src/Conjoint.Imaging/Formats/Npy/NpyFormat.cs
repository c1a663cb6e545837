namespace Conjoint.Imaging;

/// <summary>Plain NPY files: three axes are a volume in x, y, z order, two are an image of rows and columns.</summary>
internal sealed class NpyFormat : IScannableFormat
{
    private const int ScannedValues = 1 << 15;

    public string Name => "npy";

    public IReadOnlyList<string> Extensions { get; } = [".npy"];

    public bool Detects(ReadOnlySpan<byte> start, string path) => start.StartsWith(NpyHeaderReader.Magic);

    public ImageHeader ReadHeader(string path) => Describe(NpyFile.ReadHeader(path), Name);

    /// <summary>The header of an array, in NPY or NPZ.</summary>
    public static ImageHeader Describe(NpyHeader header, string format)
    {
        var isVolume = header.Shape.Count == 3;
        return new ImageHeader
        {
            Format = format,
            Shape = header.Shape,
            DType = header.DType.Name(),
            SpacingMm = isVolume ? [1, 1, 1] : null,
            Orientation = isVolume ? "RAS" : null,
            Affine = isVolume ? Affine.Identity : null,
            IsVolume = isVolume,
            Problems = header.Count == 0 ? ["the array is empty"] : [],
        };
    }

    public Volume ReadVolume(string path, int frame)
    {
        if (frame > 0)
            throw new InputDataException(path, $"has one volume; there is no frame {frame} (counted from 0)");
        using var map = NpyMap.Open(path);
        var (x, y, z) = VolumeSize(map.Header.Shape, path);
        return new Volume(map.ToSingleFirstAxisFastest(), x, y, z, Affine.Identity);
    }

    /// <summary>An array of three axes as a volume of unit spacing, axes x, y, z to the right, anterior and superior.</summary>
    public static Volume ToVolume(NpyArray array, string path)
    {
        var (x, y, z) = VolumeSize(array.Shape, path);
        return new Volume(array.ToSingleFirstAxisFastest(), x, y, z, Affine.Identity);
    }

    public Image ReadImage(string path)
    {
        using var map = NpyMap.Open(path);
        var (rows, columns) = ImageSize(map.Header.Shape, path);
        return new Image(map.ToSingle(), columns, rows);
    }

    /// <summary>An array of two axes as an image, rows first.</summary>
    public static Image ToImage(NpyArray array, string path)
    {
        var (rows, columns) = ImageSize(array.Shape, path);
        return new Image(array.ToSingle(), columns, rows);
    }

    public void Scan(string path, ValueVisitor visitor)
    {
        using var stream = InputFile.Open(path);
        var header = NpyFile.ReadHeader(stream, path);
        NpyFile.Require(header, stream.Length - header.DataOffset, path);
        var size = header.DType.SizeInBytes();
        var values = new double[Math.Min(header.Count, ScannedValues)];
        var bytes = new byte[values.Length * size];
        for (var left = header.Count; left > 0; left -= values.Length)
        {
            var count = (int)Math.Min(values.Length, left);
            InputFile.ReadExactly(stream, bytes.AsSpan(0, count * size), path);
            if (header.BigEndian)
                ElementConversion.ReverseBytes(bytes.AsSpan(0, count * size), size);
            ElementConversion.ToDouble(bytes.AsSpan(0, count * size), header.DType, values.AsSpan(0, count));
            visitor(values.AsSpan(0, count));
        }
    }

    /// <summary>Hands over the values of an array in stored order.</summary>
    public static void Scan(NpyArray array, ValueVisitor visitor)
    {
        var values = new double[Math.Min(array.Count, ScannedValues)];
        var size = array.DType.SizeInBytes();
        for (var at = 0; at < array.Count; at += values.Length)
        {
            var part = values.AsSpan(0, Math.Min(values.Length, array.Count - at));
            ElementConversion.ToDouble(array.Data.Slice(at * size, part.Length * size), array.DType, part);
            visitor(part);
        }
    }

    private static (int X, int Y, int Z) VolumeSize(IReadOnlyList<int> shape, string path) => shape is [> 0 and var x, > 0 and var y, > 0 and var z]
        ? (x, y, z)
        : throw new InputDataException(path, $"is an array of shape {NpyHeader.Describe(shape)}; a volume has three axes of at least one voxel");

    private static (int Rows, int Columns) ImageSize(IReadOnlyList<int> shape, string path) => shape is [> 0 and var rows, > 0 and var columns]
        ? (rows, columns)
        : throw new InputDataException(path, $"is an array of shape {NpyHeader.Describe(shape)}; an image has two axes of at least one pixel");
}
