using System.Buffers.Binary;
using System.Text;

namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>
/// Writes a zip archive of stored entries whose data begin at multiples of 64 bytes, as PyTorch's own writer lays them for mapping
/// into memory. Times are fixed, so equal content gives equal bytes.
/// </summary>
/// <remarks>
/// Source: PKWARE's APPNOTE.TXT 6.3, sections 4.3 and 4.4; PyTorch's caffe2/serialize/inline_container.cc for the padding. System.IO.Compression
/// can't align its entries. Below 4 GiB only.
/// </remarks>
internal sealed class StoredZip(Stream stream)
{
    private const int Alignment = 64, LocalHeader = 30, ExtraHeader = 4;
    private const ushort PaddingField = 0x4246;     // "FB"
    private const ushort Version = 20, Utf8Names = 1 << 11;
    private const uint FirstOf1980 = 0x00210000;    // date and time, the earliest that the format knows

    private readonly List<Entry> _entries = [];

    /// <summary>Adds an entry.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="length">Bytes that <paramref name="write"/> writes.</param>
    /// <param name="checksum">Their CRC-32.</param>
    /// <param name="write">Writes the data.</param>
    /// <exception cref="IOException">The archive would become longer than 4 GiB.</exception>
    public void Add(string name, long length, uint checksum, Action<Stream> write)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        var start = stream.Position;
        var padding = (int)((Alignment - (start + LocalHeader + bytes.Length + ExtraHeader) % Alignment) % Alignment);
        if (start + LocalHeader + bytes.Length + ExtraHeader + padding + length > uint.MaxValue || _entries.Count == ushort.MaxValue)
            throw new IOException("a .pth file of more than 4 GiB or 65535 tensors can't be written; write .safetensors instead.");
        var entry = new Entry(bytes, (uint)length, checksum, (uint)start);
        var header = new List<byte>();
        Four(header, 0x04034b50);
        Common(header, entry, ExtraHeader + padding);
        header.AddRange(bytes);
        Two(header, PaddingField);
        Two(header, (ushort)padding);
        header.AddRange(Enumerable.Repeat((byte)'Z', padding));
        stream.Write([.. header]);
        write(stream);
        _entries.Add(entry);
    }

    /// <summary>Adds a short entry.</summary>
    public void Add(string name, byte[] content) => Add(name, content.Length, Imaging.Crc32.Compute(content), target => target.Write(content));

    /// <summary>Writes the directory, with which the archive ends.</summary>
    public void Finish()
    {
        var start = stream.Position;
        var directory = new List<byte>();
        foreach (var entry in _entries)
        {
            Four(directory, 0x02014b50);
            Two(directory, Version);                // made by
            Common(directory, entry, extra: 0);
            Two(directory, 0);                      // comment
            Two(directory, 0);                      // disk
            Two(directory, 0);                      // internal attributes
            Four(directory, 0);                     // external attributes
            Four(directory, entry.Start);
            directory.AddRange(entry.Name);
        }

        var length = directory.Count;
        Four(directory, 0x06054b50);
        Two(directory, 0);                          // disk
        Two(directory, 0);                          // disk of the directory
        Two(directory, (ushort)_entries.Count);
        Two(directory, (ushort)_entries.Count);
        Four(directory, (uint)length);
        Four(directory, (uint)start);
        Two(directory, 0);                          // comment
        stream.Write([.. directory]);
    }

    /// <summary>What local and central headers have in common, from the needed version to the length of the extra field.</summary>
    private static void Common(List<byte> header, Entry entry, int extra)
    {
        Two(header, Version);
        Two(header, Utf8Names);
        Two(header, 0);                             // stored
        Four(header, FirstOf1980);
        Four(header, entry.Checksum);
        Four(header, entry.Length);                 // compressed
        Four(header, entry.Length);
        Two(header, (ushort)entry.Name.Length);
        Two(header, (ushort)extra);
    }

    private static void Two(List<byte> bytes, ushort value)
    {
        Span<byte> two = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(two, value);
        bytes.AddRange(two);
    }

    private static void Four(List<byte> bytes, uint value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(four, value);
        bytes.AddRange(four);
    }

    private sealed record Entry(byte[] Name, uint Length, uint Checksum, uint Start);
}
