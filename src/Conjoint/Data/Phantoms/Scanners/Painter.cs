using Conjoint.Data.Phantoms.Anatomy;
using Conjoint.Data.Phantoms.Solids;

namespace Conjoint.Data.Phantoms.Scanners;

/// <summary>Values and structures on a grid, without noise or blur; x fastest.</summary>
internal sealed record Painting(SampleGrid Grid, float[] Values, Structure[] Structures);

/// <summary>Paints layers on a grid, one over the other, with soft edges where a solid fills a part of a voxel.</summary>
internal static class Painter
{
    /// <summary>Paints all layers on air.</summary>
    public static Painting Paint(IEnumerable<Layer> layers, Appearance appearance, SampleGrid grid, CancellationToken cancellation = default)
    {
        var painting = new Painting(grid, new float[grid.Points.Length], new Structure[grid.Points.Length]);
        painting.Values.AsSpan().Fill(appearance[Tissue.Air].Mean);
        foreach (var layer in layers)
        {
            cancellation.ThrowIfCancellationRequested();
            Paint(layer, appearance, painting);
        }

        return painting;
    }

    private static void Paint(Layer layer, Appearance appearance, Painting painting)
    {
        var grid = painting.Grid;
        var look = appearance[layer.Tissue];
        var seed = appearance.Seed + (uint)layer.Tissue;
        var (first, end) = grid.Within(layer.Solid.Bounds);
        for (var z = first.Z; z < end.Z; z++)
        {
            for (var y = first.Y; y < end.Y; y++)
            {
                var row = grid.Size.X * (y + grid.Size.Y * z);
                for (var index = row + first.X; index < row + end.X; index++)
                {
                    if (!layer.OnlyInLungs || IsLung(painting.Structures[index]))
                        PaintVoxel(layer, look, seed, painting, index);
                }
            }
        }
    }

    private static void PaintVoxel(Layer layer, TissueLook look, uint seed, Painting painting, int index)
    {
        var point = painting.Grid.Points[index];
        var filled = Math.Clamp(0.5f - layer.Solid.SignedDistance(point) / painting.Grid.EdgeMm, 0, 1);
        if (filled <= 0)
            return;
        var value = look.Mean;
        if (look.Texture > 0)
            value += look.Texture * ValueNoise.At(point / look.GrainMm, seed);
        painting.Values[index] += filled * (value - painting.Values[index]);
        if (filled >= 0.5f && layer.Structure is { } structure)
            painting.Structures[index] = structure;
    }

    private static bool IsLung(Structure structure) => structure is Structure.RightLung or Structure.LeftLung or Structure.Nodule;
}
