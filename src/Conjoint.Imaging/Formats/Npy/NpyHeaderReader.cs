using System.Buffers.Binary;
using System.Text;

namespace Conjoint.Imaging;

/// <summary>Reads the header of an NPY stream; faults are <see cref="FormatException"/>s without a path.</summary>
internal static class NpyHeaderReader
{
    // NumPy itself refuses longer headers when it is careful (max_header_size).
    private const int MaxHeaderBytes = 65_536;
    private const int MaxAxes = 32;

    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static NpyHeader Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[12];
        if (stream.ReadAtLeast(start[..8], 8, throwOnEndOfStream: false) < 8 || !start.StartsWith(Magic))
            throw new FormatException("is not an NPY file: the first six bytes are not \\x93NUMPY");

        var major = start[6];
        if (major is < 1 or > 3)
            throw new FormatException($"has NPY version {major}.{start[7]}; versions 1 to 3 can be read");

        var lengthBytes = major == 1 ? 2 : 4;
        var lengthField = start.Slice(8, lengthBytes);
        if (stream.ReadAtLeast(lengthField, lengthBytes, throwOnEndOfStream: false) < lengthBytes)
            throw new FormatException("ends inside the NPY header");

        var length = major == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(lengthField)
            : BinaryPrimitives.ReadUInt32LittleEndian(lengthField);
        if (length > MaxHeaderBytes)
            throw new FormatException($"declares an NPY header of {length} bytes; at most {MaxHeaderBytes} are accepted");

        var text = new byte[length];
        if (stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) < text.Length)
            throw new FormatException("ends inside the NPY header");

        var encoding = major == 3 ? Encoding.UTF8 : Encoding.Latin1;
        return Parse(encoding.GetString(text), 8 + lengthBytes + (int)length);
    }

    private static NpyHeader Parse(string text, int dataOffset)
    {
        var fields = PythonDictionary.Parse(text);
        if (!fields.TryGetValue("descr", out var descr) || !fields.TryGetValue("fortran_order", out var order)
            || !fields.TryGetValue("shape", out var shape) || fields.Count != 3)
        {
            throw new FormatException("has an NPY header without exactly the keys 'descr', 'fortran_order' and 'shape'");
        }

        if (descr is not string type)
            throw new FormatException("holds records with several fields; expected plain numbers such as '<f4'");
        if (order is not bool fortran)
            throw new FormatException("has an NPY header whose 'fortran_order' is neither True nor False");
        if (shape is not IReadOnlyList<object> axes || axes.Count > MaxAxes || axes.Any(axis => axis is not long))
            throw new FormatException($"has an NPY header whose 'shape' is no tuple of at most {MaxAxes} whole numbers");

        var (elementType, bigEndian) = ParseType(type);
        var header = new NpyHeader
        {
            Shape = CheckSizes(axes.Cast<long>(), elementType),
            DType = elementType,
            FortranOrder = fortran,
            BigEndian = bigEndian,
            DataOffset = dataOffset,
        };
        return header;
    }

    private static int[] CheckSizes(IEnumerable<long> axes, ElementType type)
    {
        var sizes = new List<int>();
        var bytes = (Int128)type.SizeInBytes();
        foreach (var axis in axes)
        {
            if (axis is < 0 or > int.MaxValue)
                throw new FormatException($"declares an axis of {axis} values; expected 0 to {int.MaxValue}");
            // Zeros count as one, so that no product of the other axes can overflow later.
            bytes *= Math.Max(axis, 1);
            if (bytes > ImagingLimits.MaxArrayBytes)
                throw new FormatException($"declares an array larger than the limit of {ImagingLimits.MaxArrayBytes} bytes");
            sizes.Add((int)axis);
        }

        return [.. sizes];
    }

    private static (ElementType Type, bool BigEndian) ParseType(string descr)
    {
        var order = descr.Length > 0 ? descr[0] : '\0';
        ElementType? type = (descr.Length > 1 ? descr[1..] : "") switch
        {
            "i1" => ElementType.Int8,
            "u1" => ElementType.UInt8,
            "i2" => ElementType.Int16,
            "u2" => ElementType.UInt16,
            "i4" => ElementType.Int32,
            "u4" => ElementType.UInt32,
            "i8" => ElementType.Int64,
            "u8" => ElementType.UInt64,
            "f2" => ElementType.Float16,
            "f4" => ElementType.Float32,
            "f8" => ElementType.Float64,
            "b1" or "?" => ElementType.Bool,
            _ => null,
        };

        if (type is not { } known || order is not ('<' or '>' or '|' or '='))
        {
            throw new FormatException(
                $"holds values of type '{descr}'; expected integers of 1 to 8 bytes, floats of 2 to 8 bytes or bool");
        }

        return (known, order == '>' && known.SizeInBytes() > 1);
    }
}
