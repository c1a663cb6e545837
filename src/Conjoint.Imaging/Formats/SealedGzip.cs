using System.IO.Compression;

namespace Conjoint.Imaging;

/// <summary>
/// The bytes of a gzip file followed by one more gzip member, the seal. A decompressor that comes out with the seal at the end
/// has seen every member of the file end properly, its checksum included.
/// </summary>
/// <remarks>
/// <see cref="GZipStream"/> alone can't tell: a file cut inside its last bytes ends for it like a whole one. Members may follow one
/// another by the specification (RFC 1952, section 2.2).
/// </remarks>
internal sealed class SealedGzip(Stream file) : ForwardStream
{
    private static readonly byte[] SealMember = Compress(Seal);
    private int _sealAt;

    /// <summary>What comes out at the end of an intact file.</summary>
    public static ReadOnlySpan<byte> Seal => "End of gzip data"u8;

    public override int Read(Span<byte> buffer)
    {
        var read = _sealAt == 0 ? file.Read(buffer) : 0;
        if (read > 0 || buffer.IsEmpty)
            return read;
        var part = SealMember.AsSpan(_sealAt, Math.Min(buffer.Length, SealMember.Length - _sealAt));
        part.CopyTo(buffer);
        _sealAt += part.Length;
        return part.Length;
    }

    private static byte[] Compress(ReadOnlySpan<byte> data)
    {
        var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
            gzip.Write(data);
        return memory.ToArray();
    }
}
