using System.Text;

namespace Conjoint.Imaging;

/// <summary>MetaImage: <c>.mhd</c> with its data files, and <c>.mha</c> with both in one.</summary>
internal sealed class MetaImageFormat : IScannableFormat
{
    public const string FormatName = "metaimage";
    private static readonly string[] FirstKeys = ["ObjectType", "ObjectSubType", "NDims", "Comment", "Name", "ID", "BinaryData", "DimSize"];

    public string Name => FormatName;

    public IReadOnlyList<string> Extensions { get; } = [".mhd", ".mha"];

    public bool Detects(ReadOnlySpan<byte> start, string path)
    {
        var text = Encoding.Latin1.GetString(start).TrimStart();
        var end = text.IndexOf('=', StringComparison.Ordinal);
        return end > 0 && FirstKeys.Contains(text[..end].Trim(), StringComparer.OrdinalIgnoreCase)
            && text.Contains("NDims", StringComparison.OrdinalIgnoreCase);
    }

    public IReadOnlyList<string> DataFiles(string path) => MetaImageHeaderReader.Read(path).DataFiles;

    public ImageHeader ReadHeader(string path) => MetaImageHeaderReader.Read(path).Describe();

    public Volume ReadVolume(string path, int frame) => RawReader.ReadVolume(MetaImageHeaderReader.Read(path), frame);

    public Image ReadImage(string path) => RawReader.ReadImage(MetaImageHeaderReader.Read(path));

    public void Scan(string path, ValueVisitor visitor) => RawReader.Scan(MetaImageHeaderReader.Read(path), visitor);
}
