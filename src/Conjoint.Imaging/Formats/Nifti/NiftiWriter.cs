using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Conjoint.Imaging;

/// <summary>Writes header and voxels of a single-file NIfTI, little endian.</summary>
internal static class NiftiWriter
{
    private const int ChunkVoxels = 1 << 16;
    private const byte Millimetres = 2;
    private const short ScannerAnatomical = 1;

    public static void Write(Stream stream, Volume volume, NiftiDataType type, int version)
    {
        if (volume.SizeX > short.MaxValue || volume.SizeY > short.MaxValue || volume.SizeZ > short.MaxValue)
            version = 2;
        stream.Write(version == 1 ? Header1(volume, type) : Header2(volume, type));
        switch (type)
        {
            case NiftiDataType.Float32:
                WriteChunks<float>(stream, volume.Voxels, static value => value);
                break;
            case NiftiDataType.Float64:
                WriteChunks<double>(stream, volume.Voxels, static value => value);
                break;
            case NiftiDataType.UInt8:
                WriteChunks(stream, volume.Voxels, Whole<byte>);
                break;
            case NiftiDataType.Int8:
                WriteChunks(stream, volume.Voxels, Whole<sbyte>);
                break;
            case NiftiDataType.Int16:
                WriteChunks(stream, volume.Voxels, Whole<short>);
                break;
            case NiftiDataType.UInt16:
                WriteChunks(stream, volume.Voxels, Whole<ushort>);
                break;
            case NiftiDataType.Int32:
                WriteChunks(stream, volume.Voxels, Whole<int>);
                break;
            case NiftiDataType.UInt32:
                WriteChunks(stream, volume.Voxels, Whole<uint>);
                break;
            case NiftiDataType.Int64:
                WriteChunks(stream, volume.Voxels, Whole<long>);
                break;
            case NiftiDataType.UInt64:
                WriteChunks(stream, volume.Voxels, Whole<ulong>);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type that voxels can be stored in.");
        }
    }

    /// <summary>The bits of one voxel in its type.</summary>
    public static int BytesOf(NiftiDataType type) => type switch
    {
        NiftiDataType.UInt8 or NiftiDataType.Int8 => 1,
        NiftiDataType.Int16 or NiftiDataType.UInt16 => 2,
        NiftiDataType.Int32 or NiftiDataType.UInt32 or NiftiDataType.Float32 => 4,
        NiftiDataType.Int64 or NiftiDataType.UInt64 or NiftiDataType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type that voxels can be stored in."),
    };

    private static byte[] Header1(Volume volume, NiftiDataType type)
    {
        var header = new byte[352]; // 348 and four bytes that say: no extensions.
        BinaryPrimitives.WriteInt32LittleEndian(header, NiftiHeader.Version1Bytes);
        short[] sizes = [3, (short)volume.SizeX, (short)volume.SizeY, (short)volume.SizeZ, 1, 1, 1, 1];
        MemoryMarshal.AsBytes(sizes.AsSpan()).CopyTo(header.AsSpan(40));
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(70), (short)type);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(72), (short)(8 * BytesOf(type)));
        PutSingles(header, 76, 1, volume.Affine.SpacingMm(0), volume.Affine.SpacingMm(1), volume.Affine.SpacingMm(2));
        PutSingles(header, 108, 352, 1, 0);
        header[123] = Millimetres;
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(254), ScannerAnatomical);
        for (var row = 0; row < 3; row++)
            PutSingles(header, 280 + 16 * row, volume.Affine[row, 0], volume.Affine[row, 1], volume.Affine[row, 2], volume.Affine[row, 3]);
        "n+1\0"u8.CopyTo(header.AsSpan(344));
        return header;
    }

    private static byte[] Header2(Volume volume, NiftiDataType type)
    {
        var header = new byte[544];
        BinaryPrimitives.WriteInt32LittleEndian(header, NiftiHeader.Version2Bytes);
        "n+2\0\r\n\x1A\n"u8.CopyTo(header.AsSpan(4));
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(12), (short)type);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(14), (short)(8 * BytesOf(type)));
        long[] sizes = [3, volume.SizeX, volume.SizeY, volume.SizeZ, 1, 1, 1, 1];
        MemoryMarshal.AsBytes(sizes.AsSpan()).CopyTo(header.AsSpan(16));
        PutDoubles(header, 104, 1, volume.Affine.SpacingMm(0), volume.Affine.SpacingMm(1), volume.Affine.SpacingMm(2));
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(168), 544);
        PutDoubles(header, 176, 1, 0);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(348), ScannerAnatomical);
        for (var row = 0; row < 3; row++)
            PutDoubles(header, 400 + 32 * row, volume.Affine[row, 0], volume.Affine[row, 1], volume.Affine[row, 2], volume.Affine[row, 3]);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(500), Millimetres);
        return header;
    }

    private static void PutSingles(byte[] header, int at, params ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(header.AsSpan(at + 4 * i), (float)values[i]);
    }

    private static void PutDoubles(byte[] header, int at, params ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(header.AsSpan(at + 8 * i), values[i]);
    }

    private static void WriteChunks<T>(Stream stream, ReadOnlySpan<float> voxels, Func<float, T> convert)
        where T : unmanaged
    {
        var chunk = new T[Math.Min(ChunkVoxels, voxels.Length)];
        for (var at = 0; at < voxels.Length; at += chunk.Length)
        {
            var part = voxels.Slice(at, Math.Min(chunk.Length, voxels.Length - at));
            for (var i = 0; i < part.Length; i++)
                chunk[i] = convert(part[i]);
            stream.Write(MemoryMarshal.AsBytes(chunk.AsSpan(0, part.Length)));
        }
    }

    private static T Whole<T>(float value)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var rounded = MathF.Round(value, MidpointRounding.ToEven);
        // The largest float below 2^63 fits; the comparison in double is exact for every type up to 32 bits.
        if (!float.IsFinite(rounded) || rounded < double.CreateSaturating(T.MinValue) || rounded >= double.CreateSaturating(T.MaxValue) + 1)
            throw new ArgumentException($"A voxel of {value:g6} doesn't fit into {Unsafe.SizeOf<T>() * 8}-bit integers from {T.MinValue} to {T.MaxValue}.");
        return T.CreateTruncating(rounded);
    }
}
