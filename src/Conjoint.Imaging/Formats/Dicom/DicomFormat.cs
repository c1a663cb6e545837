namespace Conjoint.Imaging;

/// <summary>
/// DICOM files: a single frame is a plain image, several are a volume. Files of one series become a volume by
/// <see cref="DicomSeries"/>.
/// </summary>
internal sealed class DicomFormat : IScannableFormat
{
    public const string FormatName = "dicom";

    public string Name => FormatName;

    public IReadOnlyList<string> Extensions { get; } = [".dcm", ".dicom", ".ima"];

    public bool Detects(ReadOnlySpan<byte> start, string path) => DicomPreamble.Detects(start);

    public ImageHeader ReadHeader(string path)
    {
        var header = DicomHeaderReader.Read(path);
        return DicomDescription.Of(DicomFrames.Stacks(header), header.Frames > 1, header.Problems);
    }

    public Volume ReadVolume(string path, int frame)
    {
        var header = DicomHeaderReader.Read(path);
        if (header.Frames == 1)
            throw new InputDataException(path, "is a plain image; expected a volume");
        var stacks = DicomFrames.Stacks(header);
        return frame < stacks.Count
            ? DicomVoxels.ReadVolume(stacks[frame], path)
            : throw new InputDataException(path, $"has {stacks.Count} volumes; there is no frame {frame} (counted from 0)");
    }

    public Image ReadImage(string path) => Read(path, asLabels: false);

    public Image ReadLabels(string path) => Read(path, asLabels: true);

    public void Scan(string path, ValueVisitor visitor)
    {
        var header = DicomHeaderReader.Read(path);
        DicomVoxels.Scan(header.Planes, visitor);
    }

    private static Image Read(string path, bool asLabels)
    {
        var header = DicomHeaderReader.Read(path);
        if (header.Frames > 1)
            throw new InputDataException(path, $"is a volume of {header.Frames} frames; expected a plain image");
        return new Image(DicomVoxels.ReadPlane(header.Planes[0], asLabels), header.Columns, header.Rows);
    }
}
