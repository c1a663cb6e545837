namespace Conjoint.Imaging;

/// <summary>What a DICOM file says about its pixels. Nothing in it names a patient.</summary>
/// <remarks>Specification: PS3.3 C.7.6.3 (image pixel), C.11.1 (modality LUT), C.7.6.2 (image plane), C.7.6.16 (multi-frame).</remarks>
internal sealed record DicomHeader(string Path, DicomTransferSyntax Syntax)
{
    /// <summary>The element that holds the pixels.</summary>
    public required uint PixelTag { get; init; }

    /// <summary>Where the data set begins in the file: behind the file meta information.</summary>
    public required long DataOffset { get; init; }

    /// <summary>Its value's beginning, in the positions of <see cref="DicomStream"/>.</summary>
    public required long PixelOffset { get; init; }

    /// <summary>Its value's bytes, or <see cref="DicomFile.UndefinedLength"/>.</summary>
    public required uint PixelLength { get; init; }

    /// <summary>Whether bytes lie in words, so that big endian swaps them too.</summary>
    public bool IsInWords { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required int Frames { get; init; }

    /// <summary>1 for grey, 3 for colours.</summary>
    public required int Samples { get; init; }

    public required int BitsAllocated { get; init; }

    public required int BitsStored { get; init; }

    public required int HighBit { get; init; }

    public required bool IsSigned { get; init; }

    /// <summary>Whether colours are stored plane after plane.</summary>
    public bool IsPlanar { get; init; }

    /// <summary><c>MONOCHROME2</c>, <c>RGB</c>, …: one of those that are known.</summary>
    public required string Photometric { get; init; }

    /// <summary>Red, green and blue, for indices of a palette.</summary>
    public IReadOnlyList<DicomLut>? Palette { get; init; }

    public required Modality Modality { get; init; }

    /// <summary>Where the window for viewing lies and how wide it is; null when not stated.</summary>
    public (double Center, double Width)? Window { get; init; }

    /// <summary>Where each frame lies, in the order of the file.</summary>
    public IReadOnlyList<DicomPlane> Planes { get; init; } = [];

    /// <summary>Hash of the series; null when not stated.</summary>
    public string? Series { get; init; }

    /// <summary>Hash of the object itself.</summary>
    public string? Instance { get; init; }

    /// <summary>Hashes of patient and study: files that share one are of one person. For comparison in memory only.</summary>
    public IReadOnlyList<string> SubjectKeys { get; init; } = [];

    public int? InstanceNumber { get; init; }

    /// <summary>Offsets of frames in the fragments; null when not stated.</summary>
    public double[]? ExtendedOffsets { get; init; }

    public IReadOnlyList<string> Problems { get; init; } = [];

    public ElementType DType => PixelTag == DicomTag.FloatPixelData ? ElementType.Float32
        : PixelTag == DicomTag.DoublePixelData ? ElementType.Float64
        : (BitsAllocated, IsSigned) switch
        {
            ( <= 8, false) => ElementType.UInt8,
            ( <= 8, true) => ElementType.Int8,
            (16, false) => ElementType.UInt16,
            (16, true) => ElementType.Int16,
            (_, false) => ElementType.UInt32,
            (_, true) => ElementType.Int32,
        };

    /// <summary>Values of one frame.</summary>
    public int FrameValues => Rows * Columns * Samples;

    /// <summary>Whether bright is low and whoever uses the values should turn them round: in radiographs, where nothing else gives them a meaning.</summary>
    public bool IsInverted => Photometric == "MONOCHROME1" && Modality is (Modality.XRay or Modality.Unknown);
}
