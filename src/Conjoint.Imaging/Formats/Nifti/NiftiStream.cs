using System.IO.Compression;

namespace Conjoint.Imaging;

/// <summary>The bytes of a NIfTI file, gzip taken off, with what can be known of their number.</summary>
internal sealed class NiftiStream : IDisposable
{
    private const int TrailingBytes = 1 << 20;

    private readonly FileStream _file;
    private readonly string _path;

    private NiftiStream(FileStream file, bool isCompressed, string path)
    {
        (_file, _path, IsCompressed) = (file, path, isCompressed);
        Bytes = isCompressed ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
    }

    /// <summary>The bytes after decompression.</summary>
    public Stream Bytes { get; }

    public bool IsCompressed { get; }

    /// <summary>Opens a file, compressed or not by its content.</summary>
    public static NiftiStream Open(string path)
    {
        var file = InputFile.Open(path);
        Span<byte> start = stackalloc byte[2];
        var length = InputFile.ReadAtMost(file, start, path);
        file.Position = 0;
        return new NiftiStream(file, length == 2 && start is [0x1F, 0x8B], path);
    }

    /// <summary>Makes certain, before anything is allocated for them, that so many bytes are there.</summary>
    public void Require(long bytes)
    {
        var compressed = _file.Length;
        if (!IsCompressed)
        {
            if (bytes > compressed)
                throw Truncated(bytes, compressed);
        }
        else if (bytes > ImagingLimits.MostInflated(compressed))
        {
            throw new InputDataException(_path, $"is truncated or damaged: {compressed} compressed bytes can't hold the declared {bytes}");
        }
        else if (ImagingLimits.NeedsTrial(bytes, compressed))
        {
            using var trial = Open(_path);
            var there = trial.Skip(bytes);
            if (there < bytes)
                throw Truncated(bytes, there);
        }
    }

    /// <summary>Passes over bytes; returns how many there were.</summary>
    public long Skip(long bytes)
    {
        if (!IsCompressed)
        {
            var there = Math.Min(bytes, _file.Length - _file.Position);
            _file.Position += there;
            return there;
        }

        var buffer = new byte[(int)Math.Min(bytes, 1 << 16)];
        var skipped = 0L;
        while (skipped < bytes)
        {
            var read = InputFile.ReadAtMost(Bytes, buffer.AsSpan(0, (int)Math.Min(buffer.Length, bytes - skipped)), _path);
            if (read == 0)
                break;
            skipped += read;
        }

        return skipped;
    }

    /// <summary>After the last voxel: reads what may follow, so that gzip's checksum is compared.</summary>
    public void VerifyEnd()
    {
        if (IsCompressed)
            Skip(TrailingBytes);
    }

    public void Dispose()
    {
        Bytes.Dispose();
        _file.Dispose();
    }

    private InputDataException Truncated(long bytes, long there) =>
        new(_path, $"is truncated: the header declares {bytes} bytes, but {there} are there");
}
