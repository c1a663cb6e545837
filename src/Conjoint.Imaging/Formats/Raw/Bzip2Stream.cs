using ICSharpCode.SharpZipLib.BZip2;

namespace Conjoint.Imaging;

/// <summary>Decompresses bzip2 with SharpZipLib; every fault of the data is an <see cref="InvalidDataException"/>.</summary>
internal sealed class Bzip2Stream(Stream compressed) : ForwardStream
{
    private BZip2InputStream? _inner;

    public override int Read(Span<byte> buffer)
    {
        var bytes = new byte[Math.Min(buffer.Length, 1 << 16)];
        try
        {
            // The constructor reads the first block already.
            _inner ??= new BZip2InputStream(compressed) { IsStreamOwner = false };
            var read = _inner.Read(bytes, 0, bytes.Length);
            bytes.AsSpan(0, read).CopyTo(buffer);
            return read;
        }
        catch (Exception fault) when (fault is BZip2Exception or IndexOutOfRangeException or EndOfStreamException or NullReferenceException)
        {
            // The library tells some damage by its own exception and stumbles over the rest.
            throw new InvalidDataException("The bzip2 data are damaged.", fault);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _inner?.Dispose();
        base.Dispose(disposing);
    }
}
