namespace Conjoint.Imaging;

/// <summary>Passes reads through and keeps the CRC-32 of what was read.</summary>
internal sealed class ChecksumStream(Stream inner) : ForwardStream
{
    /// <summary>Checksum of the bytes read so far.</summary>
    public uint Checksum { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Checksum = Crc32.Compute(buffer[..read], Checksum);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
