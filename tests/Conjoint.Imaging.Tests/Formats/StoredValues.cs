using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;
using ICSharpCode.SharpZipLib.BZip2;

namespace Conjoint.Imaging.Tests.Formats;

/// <summary>Whole numbers in every encoding, written plainly, for formats that the library only reads.</summary>
internal static class StoredValues
{
    public static readonly ElementType[] Types =
    [
        ElementType.Int8, ElementType.UInt8, ElementType.Int16, ElementType.UInt16, ElementType.Int32, ElementType.UInt32,
        ElementType.Int64, ElementType.UInt64, ElementType.Float32, ElementType.Float64,
    ];

    /// <summary>Values that the type and a float hold exactly.</summary>
    public static float[] Random(Random random, int count, ElementType type)
    {
        var (least, most) = type switch
        {
            ElementType.Int8 => (-128, 127),
            ElementType.UInt8 => (0, 255),
            ElementType.Int16 => (-32768, 32767),
            ElementType.UInt16 => (0, 65535),
            ElementType.UInt32 or ElementType.UInt64 => (0, 1 << 24),
            _ => (-(1 << 24), 1 << 24),
        };
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(least, most + 1))];
    }

    public static byte[] Bytes(IEnumerable<float> values, ElementType type, bool bigEndian) =>
        [.. values.SelectMany(value => bigEndian ? One(value, type).Reverse() : One(value, type))];

    public static byte[] Zlib(byte[] bytes) => Packed(bytes, inner => new ZLibStream(inner, CompressionLevel.Optimal, leaveOpen: true));

    public static byte[] Gzip(byte[] bytes) => Packed(bytes, inner => new GZipStream(inner, CompressionLevel.Optimal, leaveOpen: true));

    public static byte[] Bzip2(byte[] bytes) => Packed(bytes, inner => new BZip2OutputStream(inner) { IsStreamOwner = false });

    private static byte[] Packed(byte[] bytes, Func<Stream, Stream> pack)
    {
        var memory = new MemoryStream();
        using (var stream = pack(memory))
            stream.Write(bytes);
        return memory.ToArray();
    }

    private static byte[] One(float value, ElementType type) => type switch
    {
        ElementType.Int8 => Raw((sbyte)value),
        ElementType.UInt8 => Raw((byte)value),
        ElementType.Int16 => Raw((short)value),
        ElementType.UInt16 => Raw((ushort)value),
        ElementType.Int32 => Raw((int)value),
        ElementType.UInt32 => Raw((uint)value),
        ElementType.Int64 => Raw((long)value),
        ElementType.UInt64 => Raw((ulong)value),
        ElementType.Float32 => Raw(value),
        _ => Raw((double)value),
    };

    private static byte[] Raw<T>(T value)
        where T : unmanaged, INumberBase<T> => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();
}
