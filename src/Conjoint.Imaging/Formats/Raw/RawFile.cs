namespace Conjoint.Imaging;

/// <summary>A file, or a part of one, with values and nothing else.</summary>
/// <param name="Path">The file; that of the header when both share one.</param>
internal sealed record RawFile(string Path)
{
    /// <summary>Bytes of the file before the data, whatever their encoding.</summary>
    public long Offset { get; init; }

    /// <summary>Lines to pass over after <see cref="Offset"/>.</summary>
    public long SkipLines { get; init; }

    /// <summary>Bytes to pass over after the lines and after decoding.</summary>
    public long SkipBytes { get; init; }

    /// <summary>Whether the data are the last bytes of the file, wherever they begin.</summary>
    public bool IsAtEnd { get; init; }

    /// <summary>Length of the encoded data where the header states it.</summary>
    public long? EncodedBytes { get; init; }
}
