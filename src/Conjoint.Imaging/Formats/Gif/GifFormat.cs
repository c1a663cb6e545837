namespace Conjoint.Imaging;

/// <summary>GIF images, as some sets of masks come; the first frame only.</summary>
internal sealed class GifFormat : IScannableFormat
{
    public string Name => "gif";

    public IReadOnlyList<string> Extensions { get; } = [".gif"];

    public bool Detects(ReadOnlySpan<byte> start, string path) => start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8);

    public ImageHeader ReadHeader(string path)
    {
        var header = GifHeader.Read(path);
        return new ImageHeader { Format = Name, Shape = [header.Width, header.Height, 1], DType = ElementType.UInt8.Name(), IsVolume = false, Samples = 1 };
    }

    public Volume ReadVolume(string path, int frame) =>
        throw new InputDataException(path, "is a plain image; expected a volume");

    public Image ReadImage(string path) => GifReader.ReadLuminance(path);

    public void Scan(string path, ValueVisitor visitor) =>
        visitor([.. GifReader.ReadLuminance(path).Pixels.Select(p => (double)p)]);
}
