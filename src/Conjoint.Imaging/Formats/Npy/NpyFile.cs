using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Conjoint.Imaging;

/// <summary>Reads and writes NPY files (NEP 1): one array each, any integer or floating-point type or bool.</summary>
public static class NpyFile
{
    // np.save aligns the data so that they can be memory-mapped with any vector width.
    private const int Alignment = 64;
    private const int ChunkBytes = 1 << 20;

    /// <summary>Reads what stands before the data, and leaves the stream at the first value.</summary>
    /// <exception cref="InputDataException">Not an NPY file, a damaged one, or values of a type that is no number.</exception>
    public static NpyHeader ReadHeader(string path)
    {
        using var stream = InputFile.Open(path);
        return ReadHeader(stream, path);
    }

    /// <summary>Reads what stands before the data, and leaves the stream at the first value.</summary>
    /// <param name="stream">Positioned at the first byte of the array's file.</param>
    /// <param name="path">Named in errors; when null the name of a file stream.</param>
    /// <exception cref="InputDataException">Not an NPY file, a damaged one, or values of a type that is no number.</exception>
    public static NpyHeader ReadHeader(Stream stream, string? path = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        path ??= (stream as FileStream)?.Name ?? "NPY stream";
        try
        {
            return NpyHeaderReader.Read(stream);
        }
        catch (FormatException fault)
        {
            throw new InputDataException(path, fault.Message, fault);
        }
    }

    /// <summary>Reads the whole array.</summary>
    /// <exception cref="InputDataException">Missing, damaged or truncated, or values of a type that is no number.</exception>
    public static NpyArray Read(string path)
    {
        using var stream = InputFile.Open(path);
        var header = ReadHeader(stream, path);
        return ReadData(stream, header, stream.Length - header.DataOffset, path);
    }

    /// <summary>Reads the values after a header, once it is certain that they are there.</summary>
    internal static NpyArray ReadData(Stream stream, NpyHeader header, long available, string path)
    {
        Require(header, available, path);
        var data = new byte[header.DataBytes];
        InputFile.ReadExactly(stream, data, path);
        if (header.BigEndian)
            ElementConversion.ReverseBytes(data, header.DType.SizeInBytes());
        return new NpyArray([.. header.Shape], header.DType, header.FortranOrder, data);
    }

    /// <summary>Makes certain that the values are there.</summary>
    /// <exception cref="InputDataException">They are not.</exception>
    internal static void Require(NpyHeader header, long available, string path)
    {
        if (header.DataBytes > available)
        {
            throw new InputDataException(path,
                $"is truncated, shorter than its header says: {NpyHeader.Describe(header.Shape)} values of {header.DType.Name()} take {header.DataBytes} bytes, but {available} are there");
        }
    }

    /// <summary>Writes an array in C order, as <c>np.save</c> would (version 1.0, little endian, data aligned to 64 bytes).</summary>
    /// <param name="path">The file; replaced when it exists.</param>
    /// <param name="values">The values, last axis fastest.</param>
    /// <param name="shape">Sizes of the axes; their product is the number of values.</param>
    /// <exception cref="ArgumentException">The values don't fill the shape.</exception>
    public static void Write<T>(string path, ReadOnlySpan<T> values, ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        using var stream = File.Create(path);
        Write(stream, values, shape);
    }

    /// <summary>Writes an array in C order, as <c>np.save</c> would (version 1.0, little endian, data aligned to 64 bytes).</summary>
    /// <param name="stream">Where to write; stays open.</param>
    /// <param name="values">The values, last axis fastest.</param>
    /// <param name="shape">Sizes of the axes; their product is the number of values.</param>
    /// <exception cref="ArgumentException">The values don't fill the shape.</exception>
    public static void Write<T>(Stream stream, ReadOnlySpan<T> values, ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(stream);
        var count = 1L;
        foreach (var size in shape)
            count *= size;
        if (count != values.Length)
            throw new ArgumentException($"{values.Length} values don't fill the shape {NpyHeader.Describe(shape.ToArray())}.", nameof(values));

        WriteHeader(stream, ElementTypes.Of<T>(), shape);
        var step = ChunkBytes / Unsafe.SizeOf<T>();
        for (var at = 0; at < values.Length; at += step)
            stream.Write(MemoryMarshal.AsBytes(values.Slice(at, Math.Min(step, values.Length - at))));
    }

    /// <summary>Writes only what stands before the data, for a writer that appends the values (little endian, C order) itself.</summary>
    /// <param name="stream">Where to write; stays open.</param>
    /// <param name="type">Encoding of the values to come.</param>
    /// <param name="shape">Sizes of the axes.</param>
    /// <returns>Bytes written: the offset of the first value, a multiple of 64.</returns>
    public static int WriteHeader(Stream stream, ElementType type, ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var fields = string.Create(CultureInfo.InvariantCulture,
            $"{{'descr': '{Describe(type)}', 'fortran_order': False, 'shape': {NpyHeader.Describe(shape.ToArray())}, }}");
        var unpadded = 10 + fields.Length + 1;
        var padded = (unpadded + Alignment - 1) / Alignment * Alignment;

        var header = new byte[padded];
        header.AsSpan().Fill((byte)' ');
        NpyHeaderReader.Magic.CopyTo(header);
        (header[6], header[7]) = (1, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(padded - 10));
        Encoding.ASCII.GetBytes(fields, header.AsSpan(10));
        header[^1] = (byte)'\n';
        stream.Write(header);
        return padded;
    }

    private static string Describe(ElementType type) => type switch
    {
        ElementType.Int8 => "|i1",
        ElementType.UInt8 => "|u1",
        ElementType.Bool => "|b1",
        ElementType.Int16 => "<i2",
        ElementType.UInt16 => "<u2",
        ElementType.Int32 => "<i4",
        ElementType.UInt32 => "<u4",
        ElementType.Int64 => "<i8",
        ElementType.UInt64 => "<u8",
        ElementType.Float16 => "<f2",
        ElementType.Float32 => "<f4",
        _ => "<f8",
    };
}
