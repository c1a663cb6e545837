namespace Conjoint.Imaging;

/// <summary>The bytes of a zlib stream; that the decompressor asks for more than there are means that its end is missing.</summary>
/// <remarks>
/// <see cref="System.IO.Compression.ZLibStream"/> by itself takes a stream without its end, the checksum, for a whole one. At the end of
/// a whole one it asks for nothing more.
/// </remarks>
internal sealed class UnfinishedZlib(Stream file) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        var read = file.Read(buffer);
        return read > 0 || buffer.IsEmpty ? read : throw new InvalidDataException("The zlib stream has no end.");
    }
}
