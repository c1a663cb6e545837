using System.IO.Compression;

namespace Conjoint.Imaging;

/// <summary>NIfTI-1 and NIfTI-2, single files and pairs, plain or gzipped; and Analyze 7.5 pairs.</summary>
internal sealed class NiftiFormat : IScannableFormat
{
    public string Name => "nifti";

    public IReadOnlyList<string> Extensions { get; } = [".nii", ".nii.gz", ".hdr", ".hdr.gz"];

    public bool Detects(ReadOnlySpan<byte> start, string path)
    {
        if (start is not [0x1F, 0x8B, ..])
            return IsHeader(start, path);

        using var file = InputFile.Open(path);
        using var stream = new GZipStream(file, CompressionMode.Decompress);
        Span<byte> inside = stackalloc byte[NiftiHeader.Version1Bytes];
        try
        {
            var length = stream.ReadAtLeast(inside, inside.Length, throwOnEndOfStream: false);
            return IsHeader(inside[..length], path);
        }
        catch (InvalidDataException)
        {
            return false; // Not gzip after all: another format, or a damaged file that its extension will tell.
        }
    }

    private static bool IsHeader(ReadOnlySpan<byte> start, string path) =>
        NiftiHeaderReader.Detect(start) is not null || NiftiHeaderReader.DetectAnalyze(start, path) is not null;

    public ImageHeader ReadHeader(string path)
    {
        var header = NiftiReader.ReadHeader(path);
        var (affine, spacing, problems) = NiftiGeometry.Read(header, path);
        if (header.Slope != 0 && header.Scaling.Slope == 1 && header.Slope != 1)
            problems.Add("scl_slope is not a number; the stored values are used as they are");
        return new ImageHeader
        {
            Format = Name,
            Shape = [.. Enumerable.Range(0, Math.Max(3, header.Dimensions.Length)).Select(header.Size)],
            SpacingMm = spacing,
            Orientation = affine.AxisCodes,
            DType = header.DType.Name(),
            Affine = affine,
            IsVolume = true,
            Frames = header.Frames,
            Problems = problems,
        };
    }

    public Volume ReadVolume(string path, int frame) => NiftiReader.ReadVolume(path, frame);

    public Image ReadImage(string path)
    {
        var header = NiftiReader.ReadHeader(path);
        if (header.Size(2) != 1 || header.Frames != 1)
            throw new InputDataException(path, $"is a volume of {string.Join('×', header.Dimensions)}; expected a plain image");
        var volume = NiftiReader.ReadVolume(path, 0);
        return new Image(volume.Voxels, volume.SizeX, volume.SizeY);
    }

    public void Scan(string path, ValueVisitor visitor) => NiftiReader.Scan(path, visitor);
}
