using Conjoint.Data;

namespace Conjoint.Tasks.Metrics;

/// <summary>Size and spacing of the grid on which masks are compared; the last axis runs fastest in memory.</summary>
/// <param name="Slices">Voxels along the slowest axis; at least 1.</param>
/// <param name="Height">Voxels along the middle axis; at least 1.</param>
/// <param name="Width">Voxels along the fastest axis; at least 1.</param>
/// <param name="SliceSpacing">Millimetres between slices; above 0.</param>
/// <param name="RowSpacing">Millimetres between rows; above 0.</param>
/// <param name="ColumnSpacing">Millimetres between columns; above 0.</param>
/// <param name="IsPlanar">A plain image: the slice axis doesn't exist, so it makes no voxel a surface voxel and adds nothing to the diagonal.</param>
public sealed record VoxelGrid(
    int Slices,
    int Height,
    int Width,
    double SliceSpacing = 1,
    double RowSpacing = 1,
    double ColumnSpacing = 1,
    bool IsPlanar = false)
{
    /// <summary>What distances on the grid are in: <c>mm</c>, or <c>px</c> where nobody has said how large a voxel is.</summary>
    public string Unit { get; init; } = "mm";

    /// <summary>The stored grid of a case.</summary>
    public static VoxelGrid Of(StoreCase storeCase)
    {
        ArgumentNullException.ThrowIfNull(storeCase);
        var spacing = storeCase.SpacingMm;
        return new VoxelGrid(storeCase.Slices, storeCase.Height, storeCase.Width, spacing[0], spacing[1], spacing[2], IsPlanar: storeCase.Kind == CaseKind.Image)
        {
            Unit = storeCase.StatesSpacing ? "mm" : "px",
        };
    }

    /// <summary>Number of voxels.</summary>
    public long Count => (long)Slices * Height * Width;

    /// <summary>The diagonal √Σ(nᵢ·sᵢ)² in mm: the distance that stands for "one mask is empty".</summary>
    public double Diagonal => Math.Sqrt(
        (IsPlanar ? 0 : Square(Slices * SliceSpacing)) + Square(Height * RowSpacing) + Square(Width * ColumnSpacing));

    private static double Square(double x) => x * x;
}
