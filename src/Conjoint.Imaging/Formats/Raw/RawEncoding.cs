namespace Conjoint.Imaging;

/// <summary>How the values of a data file are written down.</summary>
internal enum RawEncoding
{
    /// <summary>As the bytes are in memory.</summary>
    Plain,

    /// <summary>Deflated, in a zlib or gzip wrapping.</summary>
    Deflate,

    /// <summary>Compressed with bzip2.</summary>
    Bzip2,

    /// <summary>Decimal numbers with white space or commas between them.</summary>
    Text,

    /// <summary>Two hexadecimal digits a byte.</summary>
    Hex,
}
