namespace Conjoint.Imaging;

/// <summary>NRRD: <c>.nrrd</c> with header and data in one, and <c>.nhdr</c> with its data files.</summary>
internal sealed class NrrdFormat : IScannableFormat
{
    public const string FormatName = "nrrd";

    public string Name => FormatName;

    public IReadOnlyList<string> Extensions { get; } = [".nrrd", ".nhdr"];

    public bool Detects(ReadOnlySpan<byte> start, string path) => start.StartsWith("NRRD000"u8);

    public IReadOnlyList<string> DataFiles(string path) => NrrdHeaderReader.Read(path).DataFiles;

    public ImageHeader ReadHeader(string path) => NrrdHeaderReader.Read(path).Describe();

    public Volume ReadVolume(string path, int frame) => RawReader.ReadVolume(NrrdHeaderReader.Read(path), frame);

    public Image ReadImage(string path) => RawReader.ReadImage(NrrdHeaderReader.Read(path));

    public void Scan(string path, ValueVisitor visitor) => RawReader.Scan(NrrdHeaderReader.Read(path), visitor);
}
