using System.Text.Json;
using Conjoint.Data.Augmentation;
using FsCheck.Xunit;

namespace Conjoint.Tests.Data.Augmentation;

public sealed class VolumeTransformTests
{
    private static readonly VolumeTransformSettings Defaults = new();

    public static TheoryData<VolumeTransformKind> Kinds => [.. Enum.GetValues<VolumeTransformKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_transform_replayed_from_json_gives_the_same_bits(VolumeTransformKind kind)
    {
        var grid = new VolumeGrid(19, 13, 6, new AxisValues(0.7, 0.9, 2.5));
        var volume = TestVolumes.Random<float>(grid, 1);
        for (var seed = 0; seed < 20; seed++)
        {
            var transform = VolumeTransforms.Draw(kind, grid, Defaults, RandomStream.For(seed));
            var replayed = JsonSerializer.Deserialize<VolumeTransform>(JsonSerializer.Serialize(transform))!;

            Assert.Equal(kind, transform.Kind);
            Assert.Equal(transform, replayed);
            Assert.Equal(transform, VolumeTransforms.Draw(kind, grid, Defaults, RandomStream.For(seed)));
            Assert.Equal(transform.GetHashCode(), replayed.GetHashCode());
            Assert.Equal(transform.Apply<float>(volume, grid), replayed.Apply<float>(volume, grid));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_size_of_volume_works_one_slice_and_one_voxel_included(VolumeTransformKind kind)
    {
        var random = RandomStream.For(2);
        foreach (var (x, y, z) in new[] { (1, 1, 1), (2, 1, 1), (1, 3, 1), (1, 1, 2), (8, 8, 1), (9, 1, 4), (3, 17, 2), (33, 2, 1) })
        {
            var grid = new VolumeGrid(x, y, z);
            var volume = TestVolumes.Random<float>(grid, 3);
            var before = volume.ToArray();
            for (var i = 0; i < 10; i++)
            {
                var result = VolumeTransforms.Draw(kind, grid, Defaults, random).Apply<float>(volume, grid);

                Assert.All(result, value => Assert.True(float.IsFinite(value)));
                Assert.Equal(before, volume);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Single_and_double_precision_agree(VolumeTransformKind kind)
    {
        var grid = new VolumeGrid(21, 10, 7, new AxisValues(0.8, 1, 3));
        var single = TestVolumes.Random<float>(grid, 4);
        var exact = Array.ConvertAll(single, value => (double)value);
        for (var seed = 0; seed < 10; seed++)
        {
            var transform = VolumeTransforms.Draw(kind, grid, Defaults, RandomStream.For(seed));
            var (a, b) = (transform.Apply<float>(single, grid), transform.Apply<double>(exact, grid));

            // 1e-4: an affine position in single precision may fall on the other side of the border only with probability 1e-6.
            Assert.All(a.Zip(b), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
        }
    }

    [Property(MaxTest = 50)]
    public void Neutral_parameters_leave_every_bit_as_it_is(long seed, byte x, byte y, byte z)
    {
        var grid = new VolumeGrid(1 + x % 30, 1 + y % 12, 1 + z % 7, new AxisValues(0.7, 1.1, 3));
        var volume = TestVolumes.Random<float>(grid, seed);
        foreach (var transform in new VolumeTransform[]
        {
            new FlipTransform(false, false, false),
            new AffineTransform(AxisValues.All(1), AxisValues.All(0), AxisValues.All(0)),
            new AnisotropyTransform(VolumeAxis.Y, 1),
            new NoiseTransform(0, 0, seed),
            new BlurTransform(AxisValues.All(0)),
            new BiasFieldTransform(3, new double[20]),
            new GammaTransform(0),
        })
        {
            Assert.Equal(volume, transform.Apply<float>(volume, grid));
        }
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    [InlineData(true, true, true)]
    public void A_flip_moves_each_voxel_to_the_mirrored_place(bool alongX, bool alongY, bool alongZ)
    {
        var grid = new VolumeGrid(5, 4, 3);
        var volume = TestVolumes.Random<float>(grid, 5);
        var flip = new FlipTransform(alongX, alongY, alongZ);
        var flipped = flip.Apply<float>(volume, grid);

        for (var i = 0; i < volume.Length; i++)
        {
            var (x, y, z) = (i % 5, i / 5 % 4, i / 20);
            var (fromX, fromY, fromZ) = (alongX ? 4 - x : x, alongY ? 3 - y : y, alongZ ? 2 - z : z);
            Assert.Equal(volume[fromX + 5 * (fromY + 4 * fromZ)], flipped[i]);
        }

        Assert.Equal(volume, flip.Apply<float>(flipped, grid));
    }

    [Fact]
    public void A_quarter_turn_moves_voxels_exactly()
    {
        // 90° about z in a square slice: (x, y) comes from Rᵀ(x, y) = (y, -x) about the centre.
        var grid = new VolumeGrid(9, 9, 2);
        var volume = TestVolumes.Random<double>(grid, 6);
        var turned = new AffineTransform(AxisValues.All(1), new AxisValues(0, 0, 90), AxisValues.All(0)).Apply<double>(volume, grid);

        for (var i = 0; i < volume.Length; i++)
        {
            var (x, y, z) = (i % 9, i / 9 % 9, i / 81);
            Assert.Equal(volume[y + 9 * (8 - x + 9 * z)], turned[i], 1e-12);
        }
    }

    [Fact]
    public void What_comes_from_outside_is_the_minimum()
    {
        var grid = new VolumeGrid(8, 3, 2);
        var volume = TestVolumes.Random<float>(grid, 7);
        // The voxel at p comes from p - 3.
        var shifted = new AffineTransform(AxisValues.All(1), AxisValues.All(0), new AxisValues(3, 0, 0)).Apply<float>(volume, grid);

        for (var i = 0; i < volume.Length; i++)
        {
            Assert.Equal(i % 8 < 3 ? volume.Min() : volume[i - 3], shifted[i]);
        }
    }

    [Property(MaxTest = 40)]
    public void The_fast_warp_has_the_bits_of_the_plain_one(long seed, byte x, byte y, byte z)
    {
        var grid = new VolumeGrid(8 + x % 40, 1 + y % 20, 1 + z % 9, new AxisValues(0.7, 1.1, 3));
        var volume = TestVolumes.Random<float>(grid, seed);
        var map = ((AffineTransform)VolumeTransforms.Draw(VolumeTransformKind.Affine, grid, Defaults, RandomStream.For(seed))).InputIndices(grid);
        var (fast, plain) = (new float[volume.Length], new float[volume.Length]);

        LinearWarp.Apply<float>(volume, grid, map, fast);
        for (var row = 0; row < grid.Y * grid.Z; row++)
        {
            var line = new LinearWarp.Line<float>(map, row % grid.Y, row / grid.Y);
            LinearWarp.OneByOne<float>(volume, grid, line, volume.Min(), plain.AsSpan(row * grid.X, grid.X));
        }

        Assert.Equal(plain, fast);
    }

    [Property(MaxTest = 40)]
    public void Blur_equals_the_plain_sum(long seed, byte x, byte y, byte z)
    {
        var grid = new VolumeGrid(1 + x % 20, 1 + y % 20, 1 + z % 9, new AxisValues(0.7, 1.1, 3));
        var volume = TestVolumes.Random<double>(grid, seed);
        var blur = (BlurTransform)VolumeTransforms.Draw(VolumeTransformKind.Blur, grid, Defaults, RandomStream.For(seed));

        var expected = volume;
        foreach (var axis in Enum.GetValues<VolumeAxis>())
        {
            expected = TestVolumes.BlurPlainly(expected, grid, axis, blur.StdMm[axis] / grid.SpacingMm[axis]);
        }

        Assert.All(blur.Apply<double>(volume, grid).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
    }

    [Fact]
    public void Blur_and_anisotropy_keep_a_constant_volume()
    {
        var grid = new VolumeGrid(20, 20, 20);
        var volume = Enumerable.Repeat(0.7f, grid.VoxelCount).ToArray();

        Assert.All(new BlurTransform(AxisValues.All(1.7)).Apply<float>(volume, grid), value => Assert.Equal(0.7f, value, 1e-6f));
        Assert.All(new AnisotropyTransform(VolumeAxis.Z, 2).Apply<float>(volume, grid), value => Assert.Equal(0.7f, value, 1e-6f));
    }

    [Fact]
    public void Noise_has_the_drawn_mean_and_deviation_and_its_own_seed()
    {
        var grid = new VolumeGrid(64, 64, 32);
        var noise = new NoiseTransform(0.1, 0.2, Seed: 5).Apply<double>(new double[grid.VoxelCount], grid);
        var other = new NoiseTransform(0.1, 0.2, Seed: 6).Apply<double>(new double[grid.VoxelCount], grid);

        Assert.Equal(0.1, noise.Average(), 5 * 0.2 / Math.Sqrt(noise.Length));
        Assert.Equal(0.04, noise.Average(n => (n - 0.1) * (n - 0.1)), 5 * 0.04 * Math.Sqrt(2.0 / noise.Length));
        Assert.NotEqual(noise, other);
    }

    [Fact]
    public void Gamma_is_the_signed_power()
    {
        var grid = new VolumeGrid(5, 1, 1);
        var result = new GammaTransform(Math.Log(2)).Apply<double>([-3, 0, 0.5, 1, 10], grid);

        Assert.All(result.Zip([-9, 0, 0.25, 1, 100.0]), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
    }

    [Fact]
    public void Wrong_buffers_are_refused()
    {
        var grid = new VolumeGrid(2, 2, 2);
        var transform = new GammaTransform(0.1);
        var volume = new float[8];

        Assert.Throws<ArgumentException>(() => transform.Apply<float>(new float[7], grid));
        Assert.Throws<ArgumentException>(() => transform.Apply<float>(volume, grid, new float[9]));
        Assert.Throws<ArgumentException>(() => transform.Apply<float>(volume, grid, volume));
        Assert.Throws<ArgumentException>(() => transform.Apply<Half>(new Half[8], grid));
        Assert.Throws<ArgumentException>(() => new NoiseTransform(0, 1, 0).Apply<float>(volume, new float[7], volume));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VolumeGrid(2, 0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VolumeGrid(2, 2, 2, new AxisValues(1, double.NaN, 1)));
    }
}
