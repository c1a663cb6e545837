namespace Conjoint.Imaging;

/// <summary>PNG images of every colour type, 1 to 16 bits, interlaced or not.</summary>
internal sealed class PngFormat : IScannableFormat
{
    public string Name => "png";

    public IReadOnlyList<string> Extensions { get; } = [".png"];

    public bool Detects(ReadOnlySpan<byte> start, string path) => start.StartsWith(PngHeader.Signature);

    public ImageHeader ReadHeader(string path)
    {
        var header = PngHeaderReader.Read(path);
        return new ImageHeader
        {
            Format = Name,
            Shape = header.Samples == 1 ? [header.Width, header.Height, 1] : [header.Width, header.Height, 1, header.Samples],
            DType = (header.BitDepth == 16 ? ElementType.UInt16 : ElementType.UInt8).Name(),
            IsVolume = false,
            Samples = header.Samples,
            Problems = header.Colour == PngColour.Palette ? ["pixels are indices of a palette; they are read as luminance"] : [],
        };
    }

    public Volume ReadVolume(string path, int frame) =>
        throw new InputDataException(path, "is a plain image; expected a volume");

    public Image ReadImage(string path) => PngReader.ReadLuminance(path);

    public Image ReadLabels(string path)
    {
        var header = PngHeaderReader.Read(path);
        return header.Colour == PngColour.Palette ? new Image(PngReader.ReadStored(path), header.Width, header.Height) : ReadImage(path);
    }

    public void Scan(string path, ValueVisitor visitor)
    {
        var samples = PngReader.ReadStored(path);
        var values = new double[Math.Min(samples.Length, 1 << 15)];
        for (var at = 0; at < samples.Length; at += values.Length)
        {
            var part = values.AsSpan(0, Math.Min(values.Length, samples.Length - at));
            for (var i = 0; i < part.Length; i++)
                part[i] = samples[at + i];
            visitor(part);
        }
    }
}
