namespace Conjoint.Imaging;

/// <summary>Plain NPY files: three axes are a volume in x, y, z order, two are an image of rows and columns.</summary>
internal sealed class NpyFormat : IScannableFormat
{
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
        return ToVolume(NpyFile.Read(path), path);
    }

    /// <summary>An array of three axes as a volume of unit spacing, axes x, y, z to the right, anterior and superior.</summary>
    public static Volume ToVolume(NpyArray array, string path)
    {
        if (array.Shape is not [var x, var y, var z] || array.Count == 0)
        {
            throw new InputDataException(path,
                $"is an array of shape {NpyHeader.Describe(array.Shape)}; a volume has three axes of at least one voxel");
        }

        return new Volume(array.ToSingleFirstAxisFastest(), x, y, z, Affine.Identity);
    }

    public Image ReadImage(string path) => ToImage(NpyFile.Read(path), path);

    /// <summary>An array of two axes as an image, rows first.</summary>
    public static Image ToImage(NpyArray array, string path)
    {
        if (array.Shape is not [var rows, var columns] || array.Count == 0)
        {
            throw new InputDataException(path,
                $"is an array of shape {NpyHeader.Describe(array.Shape)}; an image has two axes of at least one pixel");
        }

        return new Image(array.ToSingle(), columns, rows);
    }

    public void Scan(string path, ValueVisitor visitor)
    {
        var array = NpyFile.Read(path);
        Scan(array, visitor);
    }

    /// <summary>Hands over the values of an array in stored order.</summary>
    public static void Scan(NpyArray array, ValueVisitor visitor)
    {
        var values = new double[Math.Min(array.Count, 1 << 15)];
        var size = array.DType.SizeInBytes();
        for (var at = 0; at < array.Count; at += values.Length)
        {
            var part = values.AsSpan(0, Math.Min(values.Length, array.Count - at));
            ElementConversion.ToDouble(array.Data.Slice(at * size, part.Length * size), array.DType, part);
            visitor(part);
        }
    }
}
