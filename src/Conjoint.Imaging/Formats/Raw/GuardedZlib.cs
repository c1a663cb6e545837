namespace Conjoint.Imaging;

/// <summary>
/// The bytes of a zlib stream and some more. Where the file is cut inside its last four bytes, the checksum, these take their place
/// and the decompressor notices; behind a whole stream they mean nothing.
/// </summary>
/// <remarks>By itself <see cref="System.IO.Compression.ZLibStream"/> takes a stream without its end for a whole one.</remarks>
internal sealed class GuardedZlib(Stream file) : ForwardStream
{
    private const int GuardBytes = 4;
    private int _guardAt;

    public override int Read(Span<byte> buffer)
    {
        var read = _guardAt == 0 ? file.Read(buffer) : 0;
        if (read > 0 || buffer.IsEmpty)
            return read;
        var guard = buffer[..Math.Min(buffer.Length, GuardBytes - _guardAt)];
        guard.Fill(0xA5);
        _guardAt += guard.Length;
        return guard.Length;
    }
}
