using Conjoint.Data;

namespace Conjoint.Tasks;

/// <summary>An input in memory with the very values that a store of it would hold.</summary>
/// <param name="Id">A name for files that are made of it; unique among the inputs of one call.</param>
/// <param name="Source">The file or folder, beginning with the name of what the user named.</param>
/// <param name="Content">Where the values came from.</param>
/// <param name="Scan">Values in [0, 1], in stored order [slice, row, column].</param>
/// <param name="Warnings">What a reader should know about it.</param>
internal sealed record InferenceScan(string Id, string Source, CaseContent Content, RawScan Scan, IReadOnlyList<string> Warnings)
{
    /// <summary>
    /// The scan on the grid of its file, turned to RAS+: <see cref="Scan"/> itself unless that was resampled, cut or padded.
    /// </summary>
    public RawScan Original { get; init; } = Scan;

    /// <summary>Lays labels on <see cref="Scan"/> over <see cref="Original"/>, [N, H, W].</summary>
    public ushort[] ToOriginal(ushort[] labels) => Scan.Map is { } map ? map.ToSource<ushort>(labels) : labels;

    /// <summary>Whether the voxels of another scan lie over this one's.</summary>
    public bool LiesOver(InferenceScan other) =>
        (Scan.Slices, Scan.Height, Scan.Width) == (other.Scan.Slices, other.Scan.Height, other.Scan.Width) && ChannelCases.SameGrid(other.Scan.StoredAffine, Scan.StoredAffine);

    /// <summary>How a slice lies in a net's input.</summary>
    public SliceGeometry Geometry(int size) => SliceGeometry.Fit(Scan.Height, Scan.Width, Scan.SpacingMm[1], Scan.SpacingMm[2], size);

    /// <summary>Copies slices [count, H, W].</summary>
    public void Read(int first, int count, Span<float> destination)
    {
        var plane = Scan.Height * Scan.Width;
        Scan.Values.AsSpan(first * plane, count * plane).CopyTo(destination);
    }
}
