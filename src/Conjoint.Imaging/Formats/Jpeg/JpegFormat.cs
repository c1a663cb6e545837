namespace Conjoint.Imaging;

/// <summary>JPEG images of 8 bits, baseline and progressive, grey and colour.</summary>
internal sealed class JpegFormat : IScannableFormat
{
    public string Name => "jpeg";

    public IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg"];

    public bool Detects(ReadOnlySpan<byte> start, string path) => start is [0xFF, 0xD8, 0xFF, ..];

    public ImageHeader ReadHeader(string path)
    {
        var header = JpegHeaderReader.Read(path);
        var samples = header.Components == 1 ? 1 : 3; // Print colours are decoded to red, green and blue.
        var (width, height) = ExifOrientation.Swaps(header.Orientation) ? (header.Height, header.Width) : (header.Width, header.Height);
        return new ImageHeader
        {
            Format = Name,
            Shape = samples == 1 ? [width, height, 1] : [width, height, 1, samples],
            DType = ElementType.UInt8.Name(),
            IsVolume = false,
            Samples = samples,
            Problems = header.Orientation == ExifOrientation.Upright ? [] : [$"is stored turned (EXIF orientation {header.Orientation}) and read upright"],
        };
    }

    public Volume ReadVolume(string path, int frame) =>
        throw new InputDataException(path, "is a plain image; expected a volume");

    public Image ReadImage(string path) => JpegReader.ReadLuminance(path);

    public void Scan(string path, ValueVisitor visitor) => JpegReader.Scan(path, visitor);
}
