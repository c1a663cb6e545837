namespace Conjoint.Imaging;

/// <summary>The next bytes of a stream, as if it ended after them. The stream stays open.</summary>
internal sealed class StreamPart(Stream inner, long bytes) : ForwardStream
{
    private long _left = bytes;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= read;
        return read;
    }
}
