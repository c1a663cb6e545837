namespace Conjoint.Training.ReportData;

/// <summary>Slices with their predicted and true masks drawn in.</summary>
public sealed record OverlayPictures
{
    /// <summary>The pictures, in the order of showing.</summary>
    public IReadOnlyList<Picture> Pictures { get; init; } = [];

    /// <summary>One slice.</summary>
    /// <param name="Case">The case's name, as in the metrics.</param>
    /// <param name="Slice">The slice's number in its volume, from 0.</param>
    /// <param name="Png">A PNG file, by <see cref="SlicePicture.WithMasks"/>.</param>
    public sealed record Picture(string Case, int Slice, byte[] Png);
}
