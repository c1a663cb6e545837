using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Conjoint.Imaging;

/// <summary>The bytes of a DICOM file, deflate taken off, read forwards.</summary>
internal sealed class DicomStream : IDisposable
{
    private const int SkipBytes = 1 << 16;

    private readonly FileStream _file;
    private readonly string _path;
    private Stream _bytes;

    private DicomStream(FileStream file, string path) => (_file, _bytes, _path) = (file, file, path);

    /// <summary>Bytes read or passed over, from the beginning of the file or of the deflate data.</summary>
    public long Position { get; private set; }

    /// <summary>Whether numbers have their high bytes first.</summary>
    public bool IsBigEndian { get; set; }

    public bool IsDeflated { get; private set; }

    /// <summary>Bytes of the file on disk.</summary>
    public long FileBytes => _file.Length;

    /// <param name="path">The file.</param>
    /// <param name="shown">The file that faults name, when that is another.</param>
    public static DicomStream Open(string path, string? shown = null) => new(InputFile.Open(path), shown ?? path);

    /// <summary>Goes back or forth in a file that isn't deflated.</summary>
    public void Seek(long position)
    {
        _file.Position = position;
        Position = position;
    }

    /// <summary>Takes everything that follows as deflate data; positions count from here.</summary>
    public void BeginDeflated()
    {
        _bytes = new DeflateStream(_file, CompressionMode.Decompress);
        (Position, IsDeflated) = (0, true);
    }

    /// <summary>Makes certain, before anything is allocated for them, that so many bytes may follow.</summary>
    public void Require(long bytes)
    {
        if (!IsDeflated)
        {
            if (bytes > _file.Length - Position)
                throw new InputDataException(_path, $"is truncated: {bytes} bytes are declared where {Math.Max(0, _file.Length - Position)} are left");
        }
        else if (Position + bytes > ImagingLimits.MostInflated(_file.Length))
        {
            throw new InputDataException(_path, $"is truncated or damaged: {_file.Length} compressed bytes can't hold the declared {bytes}");
        }
    }

    /// <summary>The next tag; false at the end of the file.</summary>
    public bool TryReadTag(out uint tag)
    {
        Span<byte> bytes = stackalloc byte[4];
        var read = InputFile.ReadAtMost(_bytes, bytes, _path);
        Position += read;
        // Fewer bytes than a tag are padding, as some writers leave it.
        tag = read < 4 ? 0 : Tag(bytes);
        return read == 4;
    }

    public uint ReadTag()
    {
        Span<byte> bytes = stackalloc byte[4];
        Read(bytes);
        return Tag(bytes);
    }

    public ushort ReadUInt16()
    {
        Span<byte> bytes = stackalloc byte[2];
        Read(bytes);
        return IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    public uint ReadUInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        Read(bytes);
        return IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>Fills the buffer.</summary>
    public void Read(Span<byte> buffer)
    {
        InputFile.ReadExactly(_bytes, buffer, _path);
        Position += buffer.Length;
    }

    /// <summary>Passes over bytes, which must be there.</summary>
    public void Skip(long bytes)
    {
        Require(bytes);
        if (!IsDeflated)
        {
            Seek(Position + bytes);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(SkipBytes);
        try
        {
            for (var left = bytes; left > 0;)
            {
                var part = (int)Math.Min(left, SkipBytes);
                Read(buffer.AsSpan(0, part));
                left -= part;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        _bytes.Dispose();
        _file.Dispose();
    }

    private uint Tag(ReadOnlySpan<byte> bytes) => IsBigEndian
        ? ((uint)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])
        : ((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16) | BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
}
