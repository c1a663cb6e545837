namespace Conjoint.Imaging;

/// <summary>How a file's data set and pixels are encoded (PS3.5 section 10, PS3.6 annex A).</summary>
/// <param name="Uid">Its identifier.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="Codec">How pixels are compressed.</param>
internal sealed record DicomTransferSyntax(string Uid, string Name, DicomCodec Codec)
{
    /// <summary>Whether elements state their representation.</summary>
    public bool IsExplicit { get; init; } = true;

    public bool IsBigEndian { get; init; }

    /// <summary>Whether everything after the file meta information is deflate data.</summary>
    public bool IsDeflated { get; init; }

    public static readonly DicomTransferSyntax ImplicitLittleEndian = new("1.2.840.10008.1.2", "implicit VR little endian", DicomCodec.None) { IsExplicit = false };
    public static readonly DicomTransferSyntax ExplicitLittleEndian = new("1.2.840.10008.1.2.1", "explicit VR little endian", DicomCodec.None);
    public static readonly DicomTransferSyntax ExplicitBigEndian = new("1.2.840.10008.1.2.2", "explicit VR big endian", DicomCodec.None) { IsBigEndian = true };

    private static readonly DicomTransferSyntax[] Known =
    [
        ImplicitLittleEndian,
        ExplicitLittleEndian,
        ExplicitBigEndian,
        new("1.2.840.10008.1.2.1.99", "deflated explicit VR little endian", DicomCodec.None) { IsDeflated = true },
        new("1.2.840.10008.1.2.5", "RLE lossless", DicomCodec.RunLength),
        new("1.2.840.10008.1.2.4.50", "JPEG baseline", DicomCodec.Jpeg),
        new("1.2.840.10008.1.2.4.51", "JPEG extended", DicomCodec.Jpeg),
        new("1.2.840.10008.1.2.4.53", "JPEG spectral selection", DicomCodec.Jpeg),
        new("1.2.840.10008.1.2.4.55", "JPEG full progression", DicomCodec.Jpeg),
        new("1.2.840.10008.1.2.4.57", "JPEG lossless", DicomCodec.Jpeg),
        new("1.2.840.10008.1.2.4.70", "JPEG lossless, first-order prediction", DicomCodec.Jpeg),
        new("1.2.840.10008.1.2.4.80", "JPEG-LS lossless", DicomCodec.External),
        new("1.2.840.10008.1.2.4.81", "JPEG-LS near-lossless", DicomCodec.External),
        new("1.2.840.10008.1.2.4.90", "JPEG 2000 lossless", DicomCodec.Jpeg2000),
        new("1.2.840.10008.1.2.4.91", "JPEG 2000", DicomCodec.Jpeg2000),
        new("1.2.840.10008.1.2.4.201", "high-throughput JPEG 2000 lossless", DicomCodec.External),
        new("1.2.840.10008.1.2.4.202", "high-throughput JPEG 2000 lossless, RPCL", DicomCodec.External),
        new("1.2.840.10008.1.2.4.203", "high-throughput JPEG 2000", DicomCodec.External),
        new("1.2.840.10008.1.2.4.100", "MPEG-2", DicomCodec.External),
        new("1.2.840.10008.1.2.4.102", "MPEG-4", DicomCodec.External),
        new("1.2.840.10008.1.2.4.107", "HEVC", DicomCodec.External),
    ];

    /// <summary>The syntax of an identifier; one that isn't known counts as explicit little endian with pixels for another program.</summary>
    public static DicomTransferSyntax Of(string uid) =>
        Array.Find(Known, syntax => syntax.Uid == uid) ?? new DicomTransferSyntax(Shown(uid), "an unknown one", DicomCodec.External);

    // A damaged file may have anything in the identifier's place; only what looks like one is ever shown.
    private static string Shown(string uid) => uid.Length <= 64 && uid.All(c => char.IsAsciiDigit(c) || c == '.') ? uid : "no identifier";
}

/// <summary>How pixels are compressed.</summary>
internal enum DicomCodec
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>PackBits by byte planes (PS3.5 annex G).</summary>
    RunLength,

    /// <summary>ITU-T T.81, every process.</summary>
    Jpeg,

    /// <summary>ITU-T T.800.</summary>
    Jpeg2000,

    /// <summary>Only by another program.</summary>
    External,
}
