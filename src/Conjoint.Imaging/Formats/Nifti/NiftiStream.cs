using System.Buffers;
using System.IO.Compression;

namespace Conjoint.Imaging;

/// <summary>The bytes of a NIfTI file, gzip taken off, with what can be known of their number.</summary>
internal sealed class NiftiStream : IDisposable
{
    private const int TrailingBytes = 1 << 16;
    private const int SkipBytes = 1 << 16;

    private readonly FileStream _file;
    private readonly string _path;

    private NiftiStream(FileStream file, bool isCompressed, string path)
    {
        (_file, _path, IsCompressed) = (file, path, isCompressed);
        Bytes = isCompressed ? new GZipStream(new SealedGzip(file), CompressionMode.Decompress) : file;
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

        var skipped = 0L;
        var buffer = ArrayPool<byte>.Shared.Rent(SkipBytes);
        while (skipped < bytes)
        {
            var read = InputFile.ReadAtMost(Bytes, buffer.AsSpan(0, (int)Math.Min(SkipBytes, bytes - skipped)), _path);
            if (read == 0)
                break;
            skipped += read;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return skipped;
    }

    /// <summary>
    /// After the voxels that were wanted: makes certain that they came from intact data. After the last voxel of the file,
    /// gzip's checksum has been compared then.
    /// </summary>
    public void Verify(bool isLast)
    {
        if (!IsCompressed)
            return;

        var rest = new byte[(isLast ? TrailingBytes : 0) + SealedGzip.Seal.Length];
        var length = InputFile.ReadAtMost(Bytes, rest, _path);
        // A buffer that was filled has more data or the whole seal behind the voxels.
        if (length < rest.Length && !rest.AsSpan(0, length).EndsWith(SealedGzip.Seal) && !IsPaddedWithZeros())
            throw new InputDataException(_path, "is truncated or damaged: its compressed data don't end with their checksum");
    }

    /// <summary>Some archives fill the last block with zeros, which no gzip data with content end with.</summary>
    private bool IsPaddedWithZeros()
    {
        Span<byte> end = stackalloc byte[8];
        _file.Position = Math.Max(0, _file.Length - end.Length);
        InputFile.ReadAtMost(_file, end, _path);
        return end.IndexOfAnyExcept((byte)0) < 0;
    }

    public void Dispose()
    {
        Bytes.Dispose();
        _file.Dispose();
    }

    private InputDataException Truncated(long bytes, long there) =>
        new(_path, $"is truncated: the header declares {bytes} bytes, but {there} are there");
}
