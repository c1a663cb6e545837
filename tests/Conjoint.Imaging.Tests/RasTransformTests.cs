using FsCheck.Xunit;

namespace Conjoint.Imaging.Tests;

public sealed class RasTransformTests
{
    [Property(MaxTest = 200)]
    public void Every_voxel_keeps_its_place_in_space_and_comes_back(int seed)
    {
        var volume = RandomVolume(new Random(seed));
        var (ras, transform) = volume.ToRas();

        Assert.Equal("RAS", ras.Affine.AxisCodes);
        var toFile = volume.Affine.Inverse().Compose(ras.Affine);
        for (var z = 0; z < ras.SizeZ; z++)
        {
            for (var y = 0; y < ras.SizeY; y++)
            {
                for (var x = 0; x < ras.SizeX; x++)
                {
                    var (i, j, k) = toFile.Apply(x, y, z);
                    Assert.Equal(volume[(int)Math.Round(i), (int)Math.Round(j), (int)Math.Round(k)], ras[x, y, z]);
                }
            }
        }

        var back = transform.Undo(ras);
        Assert.Equal(volume.Voxels, back.Voxels);
        Assert.Equal(volume.Affine, back.Affine);
        Assert.Equal((volume.SizeX, volume.SizeY, volume.SizeZ), (back.SizeX, back.SizeY, back.SizeZ));
    }

    [Fact]
    public void Voxels_of_other_types_move_alike()
    {
        var affine = new Affine(new[,] { { 0.0, -1, 0, 0 }, { 0, 0, 2, 0 }, { 3, 0, 0, 0 } }); // file axes: S, L, A
        var transform = RasTransform.For([2, 3, 4], affine);
        Assert.Equal([1, 2, 0], transform.FileAxis);
        Assert.Equal([true, false, false], transform.Flipped);

        var mask = Enumerable.Range(0, 24).Select(i => (byte)i).ToArray();
        var moved = transform.ApplyVoxels<byte>(mask);
        // RAS voxel (0, 0, 0) is file voxel (0, 2, 0).
        Assert.Equal(mask[2 * 2], moved[0]);
        Assert.Equal(mask, transform.UndoVoxels<byte>(moved));
    }

    [Fact]
    public void A_volume_that_is_RAS_already_is_returned_itself()
    {
        var volume = new Volume(new float[8], 2, 2, 2, Affine.Identity);
        var (ras, transform) = volume.ToRas();
        Assert.Same(volume, ras);
        Assert.True(transform.IsIdentity);
    }

    [Fact]
    public void Another_grid_is_refused()
    {
        var transform = RasTransform.For([2, 3, 4], Affine.Identity);
        var other = new Volume(new float[8], 2, 2, 2, Affine.Identity);
        Assert.Throws<ArgumentException>(() => transform.Apply(other));
        Assert.Throws<ArgumentException>(() => transform.Undo(other));
        Assert.Throws<ArgumentException>(() => transform.UndoVoxels<byte>(new byte[5]));
        Assert.Throws<InvalidOperationException>(() => RasTransform.For([2, 2, 2], Affine.FromSpacing(1, 1, 0)));
    }

    private static Volume RandomVolume(Random random)
    {
        int[] size = [random.Next(1, 40), random.Next(1, 5), random.Next(1, 40)];
        random.Shuffle(size);
        int[] axes = [0, 1, 2];
        random.Shuffle(axes);
        var rows = new double[3, 4];
        for (var axis = 0; axis < 3; axis++)
        {
            var direction = random.Next(2) == 0 ? 1 : -1;
            rows[axes[axis], axis] = direction * (0.5 + random.NextDouble() * 3);
            // Oblique, but nearer to its axis than to the others.
            rows[axes[(axis + 1) % 3], axis] = (random.NextDouble() - 0.5) * 0.3;
            rows[axis, 3] = random.NextDouble() * 100;
        }

        var voxels = Enumerable.Range(0, size[0] * size[1] * size[2]).Select(i => (float)i).ToArray();
        return new Volume(voxels, size[0], size[1], size[2], new Affine(rows));
    }
}
