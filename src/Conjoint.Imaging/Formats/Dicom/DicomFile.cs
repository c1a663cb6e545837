namespace Conjoint.Imaging;

/// <summary>A parsed file: its elements up to the pixels, and where those are.</summary>
/// <param name="Path">The file.</param>
/// <param name="Syntax">How it is encoded.</param>
/// <param name="Elements">What was read.</param>
internal sealed record DicomFile(string Path, DicomTransferSyntax Syntax, DicomDataSet Elements)
{
    /// <summary>The length that stands for "until the delimiter".</summary>
    public const uint UndefinedLength = 0xFFFFFFFF;

    /// <summary>The element with the pixels; 0 when there is none.</summary>
    public uint PixelTag { get; init; }

    /// <summary>How its value is represented.</summary>
    public DicomVr PixelVr { get; init; }

    /// <summary>Where the data set begins in the file: behind the file meta information.</summary>
    public long DataOffset { get; init; }

    /// <summary>Where its value begins, in the positions of <see cref="DicomStream"/>.</summary>
    public long PixelOffset { get; init; }

    /// <summary>Bytes of its value; <see cref="UndefinedLength"/> when it is made of fragments.</summary>
    public uint PixelLength { get; init; }

    /// <summary>What is doubtful about the encoding.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
