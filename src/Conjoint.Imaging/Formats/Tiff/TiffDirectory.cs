using System.Buffers.Binary;

namespace Conjoint.Imaging;

/// <summary>The tags of one page, as numbers.</summary>
internal sealed class TiffDirectory
{
    private const int MaxEntries = 4096;
    private readonly Dictionary<int, (int Type, long Count, byte[] Field)> _entries = [];
    private readonly FileStream _stream;
    private readonly string _path;
    private readonly bool _bigEndian;

    private TiffDirectory(FileStream stream, string path, bool bigEndian) =>
        (_stream, _path, _bigEndian) = (stream, path, bigEndian);

    /// <summary>Where the next page's directory is; 0 after the last.</summary>
    public long Next { get; private set; }

    /// <summary>Byte order, whether offsets have eight bytes (BigTIFF), and where the first directory is.</summary>
    public static (bool BigEndian, bool IsBig, long First) ReadStart(FileStream stream, string path)
    {
        Span<byte> start = stackalloc byte[16];
        var length = InputFile.ReadAtMost(stream, start, path);
        if (length < 8 || Order(start) is not { } order)
            throw new InputDataException(path, "is no TIFF file: expected it to begin with II*, MM* or their BigTIFF forms");
        var (bigEndian, isBig) = order;
        if (isBig && (length < 16 || start[bigEndian ? 5 : 4] != 8))
            throw new InputDataException(path, "is truncated inside its BigTIFF header, or states offsets of other than 8 bytes");
        return (bigEndian, isBig, isBig ? (long)Whole(start[8..], bigEndian) : (long)Whole(start[4..8], bigEndian));
    }

    /// <summary>Byte order and size of offsets by the first four bytes; null for anything else.</summary>
    public static (bool BigEndian, bool IsBig)? Order(ReadOnlySpan<byte> start) => start switch
    {
        [(byte)'I', (byte)'I', 42, 0, ..] => (false, false),
        [(byte)'M', (byte)'M', 0, 42, ..] => (true, false),
        [(byte)'I', (byte)'I', 43, 0, ..] => (false, true),
        [(byte)'M', (byte)'M', 0, 43, ..] => (true, true),
        _ => null,
    };

    /// <exception cref="InputDataException">The directory lies outside the file, or is none.</exception>
    public static TiffDirectory Read(FileStream stream, string path, long offset, bool bigEndian, bool isBig)
    {
        var directory = new TiffDirectory(stream, path, bigEndian);
        var (countBytes, entryBytes, pointerBytes) = isBig ? (8, 20, 8) : (2, 12, 4);
        var count = (long)Whole(directory.Bytes(offset, countBytes), bigEndian);
        if (count is < 1 or > MaxEntries)
            throw new InputDataException(path, $"is a damaged TIFF file: a page declares {count} tags; expected 1 to {MaxEntries}");
        var bytes = directory.Bytes(offset + countBytes, (int)count * entryBytes + pointerBytes);
        for (var i = 0; i < count; i++)
        {
            var entry = bytes.AsSpan(i * entryBytes, entryBytes);
            directory._entries[(int)Whole(entry[..2], bigEndian)] = (
                (int)Whole(entry[2..4], bigEndian), (long)Whole(entry.Slice(4, pointerBytes), bigEndian), entry[(4 + pointerBytes)..].ToArray());
        }

        directory.Next = (long)Whole(bytes.AsSpan((int)count * entryBytes), bigEndian);
        return directory;
    }

    /// <summary>One whole number; what stands for it when the tag is missing.</summary>
    public long Number(int tag, long absent) => Numbers(tag, 1) is [var number, ..] ? number : absent;

    /// <summary>The whole numbers of a tag, at most so many; empty when it is missing.</summary>
    /// <exception cref="InputDataException">Other than whole numbers, or outside the file.</exception>
    public long[] Numbers(int tag, long most)
    {
        if (!_entries.TryGetValue(tag, out var entry))
            return [];
        var size = entry.Type switch { 1 => 1, 3 => 2, 4 or 13 => 4, 16 or 18 => 8, _ => 0 };
        if (size == 0)
            throw new InputDataException(_path, $"is a damaged TIFF file: tag {tag} has type {entry.Type}; expected whole numbers");
        var count = Math.Min(entry.Count, most);
        if (count < 1 || count > _stream.Length / size + 8)
            throw new InputDataException(_path, $"is truncated or damaged: tag {tag} declares {entry.Count} values");

        var isInside = (Int128)entry.Count * size <= entry.Field.Length;
        var bytes = isInside ? entry.Field : Bytes((long)Whole(entry.Field, _bigEndian), (int)(count * size));
        var numbers = new long[count];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = (long)Whole(bytes.AsSpan(i * size, size), _bigEndian);
        return numbers;
    }

    private byte[] Bytes(long offset, int count)
    {
        if (offset < 8 || offset > _stream.Length - count)
            throw new InputDataException(_path, $"is truncated or damaged: {count} bytes of a TIFF page's description at {offset} lie outside the file");
        var bytes = new byte[count];
        _stream.Position = offset;
        InputFile.ReadExactly(_stream, bytes, _path);
        return bytes;
    }

    /// <summary>A whole number of 1, 2, 4 or 8 bytes; beyond the range of a long it becomes negative, which no caller accepts.</summary>
    private static ulong Whole(ReadOnlySpan<byte> bytes, bool bigEndian) => bytes.Length switch
    {
        1 => bytes[0],
        2 => bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        4 => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        _ => bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes),
    };
}
