using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>Where a cube lies in the stored volume that it is cut from; parts of it may lie outside, where all values are 0.</summary>
/// <param name="Volume">The stored case.</param>
/// <param name="Slice">Its first slice, in voxels of the volume.</param>
/// <param name="Row">Its first row.</param>
/// <param name="Column">Its first column.</param>
internal sealed record CubePlace(StoreCase Volume, int Slice, int Row, int Column)
{
    /// <summary>Reads slices of the cube out of the volume's array.</summary>
    /// <param name="array">The volume's values.</param>
    /// <param name="cube">Its size.</param>
    /// <param name="first">First slice of the cube.</param>
    /// <param name="count">How many.</param>
    /// <param name="destination">[count, H, W] of the cube.</param>
    public void Read(MappedArray array, StoreCase cube, int first, int count, Span<float> destination)
    {
        destination.Clear();
        var (left, right) = (Math.Max(Column, 0), Math.Min(Column + cube.Width, Volume.Width));
        if (left >= right)
            return;
        for (var n = 0; n < count; n++)
        {
            var slice = Slice + first + n;
            if ((uint)slice >= (uint)Volume.Slices)
                continue;
            for (var h = Math.Max(0, -Row); h < cube.Height && Row + h < Volume.Height; h++)
            {
                var source = ((long)slice * Volume.Height + Row + h) * Volume.Width + left;
                HalfConversion.ToSingle(array.Values<Half>(source, right - left), destination.Slice((n * cube.Height + h) * cube.Width + left - Column, right - left));
            }
        }
    }
}

/// <summary>Cubes around the candidates of a store's volumes, each of them a case to classify.</summary>
/// <remarks>Nothing is written: a cube is read out of the volume's own array whenever it is needed.</remarks>
internal static class CandidateCube
{
    private const int MostVoxels = 1024; // along an edge; a spacing may come with somebody's store

    /// <summary>A cube for each candidate of a volume, whose label is the candidate's class.</summary>
    /// <param name="store">The store.</param>
    /// <param name="volume">One of its cases, with candidates.</param>
    /// <param name="edgeMm">Edge of the cube in mm; at least one voxel along each axis.</param>
    /// <exception cref="InputDataException">The list is missing or damaged, or the cube would have too many voxels.</exception>
    public static IEnumerable<StoreCase> Of(PreparedStore store, StoreCase volume, double edgeMm)
    {
        int[] size = [.. volume.SpacingMm.Select(spacing => (int)Math.Clamp(Math.Round(edgeMm / spacing), 1, MostVoxels + 1))];
        if (size.Max() > MostVoxels)
            throw new InputDataException(Path.Combine(store.Folder, volume.Id), $"has voxels of {string.Join("×", volume.SpacingMm)} mm, so that a cube of {edgeMm} mm has more than {MostVoxels} along an edge; expected a smaller cube_mm");
        return store.ReadCandidates(volume).Select((candidate, i) => volume with
        {
            Id = $"{volume.Id}#{i}", // '#' is in no case's name
            Slices = size[0],
            Height = size[1],
            Width = size[2],
            Affine = null,
            SourceGrid = null,
            GridMap = null,
            Label = candidate.Class,
            MaskFile = null,
            Boxes = [],
            Cube = new CubePlace(volume, First(candidate.Slice, size[0]), First(candidate.Row, size[1]), First(candidate.Column, size[2])),
        });
    }

    /// <summary>The first of <paramref name="count"/> voxels whose middle is nearest to a place.</summary>
    private static int First(double centre, int count) => (int)Math.Clamp(Math.Floor(centre - (count - 1) / 2.0 + 0.5), int.MinValue / 2, int.MaxValue / 2);
}
