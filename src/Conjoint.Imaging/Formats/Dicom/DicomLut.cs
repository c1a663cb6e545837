using System.Buffers.Binary;

namespace Conjoint.Imaging;

/// <summary>A lookup table: stored values to output values (PS3.3 C.11.1, and C.7.6.3.1.5 for palettes).</summary>
/// <param name="First">The stored value that the first entry is for; smaller ones take the first entry, values behind the end the last.</param>
/// <param name="Bits">Bits of an entry.</param>
/// <param name="Entries">Output values.</param>
internal sealed record DicomLut(int First, int Bits, ushort[] Entries)
{
    public ushort this[long stored] => Entries[(int)Math.Clamp(stored - First, 0, Entries.Length - 1)];

    /// <summary>Reads a table; null when its elements are absent.</summary>
    /// <exception cref="InputDataException">The table is shorter than its descriptor says.</exception>
    public static DicomLut? Read(DicomDataSet elements, uint descriptorTag, uint dataTag, bool isSigned, bool isBigEndian)
    {
        if (elements.Numbers(descriptorTag, 3) is not { } descriptor || elements.Bytes(dataTag) is not { } data)
            return null;
        var count = descriptor[0] == 0 ? 1 << 16 : (int)descriptor[0];
        var first = isSigned ? (short)(ushort)(int)descriptor[1] : (int)descriptor[1];
        var entries = new ushort[Math.Clamp(count, 1, 1 << 16)];
        var isPacked = data.Length < 2 * entries.Length; // tables of 8 bits may have a byte an entry
        if (data.Length < entries.Length)
            throw elements.Fault(dataTag, $"has {data.Length} bytes for {entries.Length} entries");
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = isPacked ? data[i]
                : isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(2 * i))
                : BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(2 * i));
        }

        return new DicomLut(first, descriptor[2] > 8 ? 16 : 8, entries);
    }
}
