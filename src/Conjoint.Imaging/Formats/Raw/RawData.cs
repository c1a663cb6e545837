using System.IO.Compression;

namespace Conjoint.Imaging;

/// <summary>The decoded bytes of one data file, with what can be known of their number.</summary>
internal sealed class RawData : IDisposable
{
    private const int SkipBytes = 1 << 16;
    private const int TrailingBytes = 1 << 16;

    // A run of 45.9 million bytes becomes one block of some forty bytes.
    private const long MostBzip2Inflation = 1_200_000;

    private readonly FileStream _file;
    private readonly RawLayout _layout;
    private readonly RawFile _part;
    private readonly long _encodedBytes;
    private readonly bool _isGzip;

    private RawData(FileStream file, RawLayout layout, RawFile part, long decodedBytes)
    {
        (_file, _layout, _part) = (file, layout, part);
        _encodedBytes = FindStart(decodedBytes);
        _isGzip = layout.Encoding == RawEncoding.Deflate && StartsAsGzip();
        Bytes = Decoder();
    }

    /// <summary>The bytes, decoded.</summary>
    public Stream Bytes { get; }

    /// <summary>Opens a data file and makes certain, before anything is allocated for them, that so many bytes are there.</summary>
    /// <exception cref="InputDataException">Missing, too short, or damaged.</exception>
    public static RawData Open(RawLayout layout, RawFile part, long decodedBytes)
    {
        var data = OpenUnchecked(layout, part, decodedBytes);
        try
        {
            data.Require(decodedBytes);
            data.Skip(part.IsAtEnd ? 0 : part.SkipBytes);
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>Passes over bytes; returns how many there were.</summary>
    public long Skip(long bytes)
    {
        if (_layout.Encoding == RawEncoding.Plain)
        {
            var there = Math.Min(bytes, Math.Max(0, _file.Length - _file.Position));
            _file.Position += there;
            return there;
        }

        var skipped = 0L;
        var buffer = new byte[(int)Math.Min(SkipBytes, bytes)];
        while (skipped < bytes)
        {
            var read = InputFile.ReadAtMost(Bytes, buffer.AsSpan(0, (int)Math.Min(buffer.Length, bytes - skipped)), _layout.HeaderPath);
            if (read == 0)
                break;
            skipped += read;
        }

        return skipped;
    }

    /// <summary>After the last wanted value: reads on until the decoder has compared its checksum, if it has one.</summary>
    /// <exception cref="InputDataException">The checksum is wrong or missing.</exception>
    public void Verify()
    {
        if (_layout.Encoding is not (RawEncoding.Deflate or RawEncoding.Bzip2))
            return;
        var rest = new byte[TrailingBytes];
        var length = InputFile.ReadAtMost(Bytes, rest, _layout.HeaderPath);
        if (_isGzip && length < rest.Length && !rest.AsSpan(0, length).EndsWith(SealedGzip.Seal))
            throw Fault("is truncated or damaged: its compressed data don't end with their checksum");
    }

    public void Dispose()
    {
        Bytes.Dispose();
        _file.Dispose();
    }

    private static RawData OpenUnchecked(RawLayout layout, RawFile part, long decodedBytes)
    {
        var file = InputFile.Open(part.Path);
        try
        {
            return new RawData(file, layout, part, decodedBytes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Puts the file at the first encoded byte; returns how many there are from there.</summary>
    private long FindStart(long decodedBytes)
    {
        var start = _part.IsAtEnd ? _file.Length - decodedBytes : _part.Offset;
        if (start < _part.Offset || start > _file.Length)
            throw Fault($"is truncated: {decodedBytes} bytes of values are declared, but the file has {_file.Length} bytes");
        _file.Position = start;
        if (_part.SkipLines > 0)
            SkipLines(_part.SkipLines);
        var rest = _file.Length - _file.Position;
        if (_part.EncodedBytes > rest)
            throw Fault($"is truncated: {_part.EncodedBytes} compressed bytes are declared, but {rest} are there");
        return _part.EncodedBytes ?? rest;
    }

    private void SkipLines(long lines)
    {
        var start = _file.Position;
        var buffer = new byte[SkipBytes];
        while (lines > 0)
        {
            var read = InputFile.ReadAtMost(_file, buffer, _layout.HeaderPath);
            if (read == 0)
                throw Fault($"ends within the {_part.SkipLines} lines that are to be passed over");
            var at = 0;
            for (; at < read && lines > 0; at++)
                lines -= buffer[at] == '\n' ? 1 : 0;
            start += at;
        }

        _file.Position = start;
    }

    private bool StartsAsGzip()
    {
        var start = _file.Position;
        Span<byte> first = stackalloc byte[2];
        var length = InputFile.ReadAtMost(_file, first, _layout.HeaderPath);
        _file.Position = start;
        return length == 2 && first is [0x1F, 0x8B];
    }

    private Stream Decoder() => _layout.Encoding switch
    {
        RawEncoding.Deflate when _isGzip => new GZipStream(new SealedGzip(new StreamPart(_file, _encodedBytes)), CompressionMode.Decompress),
        RawEncoding.Deflate => new ZLibStream(new UnfinishedZlib(new StreamPart(_file, _encodedBytes)), CompressionMode.Decompress),
        RawEncoding.Bzip2 => new Bzip2Stream(new StreamPart(_file, _encodedBytes)),
        RawEncoding.Text => new TextStream(_file, _layout.DType),
        RawEncoding.Hex => new HexStream(_file),
        _ => _file,
    };

    private void Require(long decodedBytes)
    {
        var wanted = decodedBytes + (_part.IsAtEnd ? 0 : (Int128)_part.SkipBytes);
        var most = _layout.Encoding switch
        {
            RawEncoding.Plain => _encodedBytes,
            RawEncoding.Deflate => ImagingLimits.MostInflated(_encodedBytes),
            RawEncoding.Bzip2 => _encodedBytes > long.MaxValue / MostBzip2Inflation ? long.MaxValue : _encodedBytes * MostBzip2Inflation,
            RawEncoding.Text => (Int128)(_encodedBytes / 2 + 1) * _layout.DType.SizeInBytes(),
            _ => _encodedBytes / 2,
        };
        if (wanted > most)
            throw Fault($"is truncated or damaged: {wanted} bytes of values are declared, but {_encodedBytes} bytes can't hold them");
        if (_layout.Encoding is not (RawEncoding.Deflate or RawEncoding.Bzip2) || !ImagingLimits.NeedsTrial((long)wanted, _encodedBytes))
            return;
        using var trial = OpenUnchecked(_layout, _part, decodedBytes);
        var there = trial.Skip((long)wanted);
        if (there < wanted)
            throw Fault($"is truncated: {wanted} bytes of values are declared, but {there} are there");
    }

    private InputDataException Fault(string reason) => new(_layout.HeaderPath,
        _part.Path == _layout.HeaderPath ? reason : $"names the data file {Path.GetFileName(_part.Path)}, which {reason}");
}
