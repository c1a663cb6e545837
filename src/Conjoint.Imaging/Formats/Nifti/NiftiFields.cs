using System.Buffers.Binary;

namespace Conjoint.Imaging;

/// <summary>Numbers at byte offsets of a header, in its byte order.</summary>
internal sealed class NiftiFields(byte[] bytes, bool bigEndian)
{
    public byte[] Bytes => bytes;

    public bool BigEndian => bigEndian;

    public short Int16(int at) =>
        bigEndian ? BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at));

    public int Int32(int at) =>
        bigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));

    public long Int64(int at) =>
        bigEndian ? BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));

    public float Single(int at) => BitConverter.Int32BitsToSingle(Int32(at));

    public double Double(int at) => BitConverter.Int64BitsToDouble(Int64(at));
}
