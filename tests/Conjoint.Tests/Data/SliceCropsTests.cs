using Conjoint.Data;
using Conjoint.Data.Augmentation;
using Conjoint.Imaging;
using Conjoint.Tests.Training.Runs;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Data;

/// <summary>Crops of single slices beside the views of volumes.</summary>
public sealed class SliceCropsTests : IDisposable
{
    private static readonly PixelNormalisation s_asIs = new(0, 1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_part_of_a_volume_gives_one_of_its_slices_and_keeps_its_index()
    {
        // Every pixel says which volume and slice it is from; crops are cut out as they are.
        var store = SmallStore.Write(_folder["store"], [6, 1, 4], pixel: (number, slice, _, _) => (number * 8 + slice) / 32f);
        using var opened = PreparedStore.Open(store);
        var samples = VolumeSamples.Collect([opened], _ => true);
        var seen = new HashSet<int>();
        for (var epoch = 0; epoch < 20; epoch++)
        {
            using var loader = Loader(samples, epoch, slices: 3);
            using var batch = loader.Single();
            Assert.Equal([9, 1, 8, 8], batch.SliceCrops.Single().shape);
            for (var i = 0; i < 9; i++)
            {
                var (volume, part) = ((int)batch.SliceIndices[i] / 3, (int)batch.SliceIndices[i] % 3);
                Assert.Equal(batch.Indices[i / 3], volume);
                var value = (int)Math.Round(batch.SliceCrops[0][i].mean().item<float>() * 32);
                var (number, slice) = (value / 8, value % 8);
                Assert.Equal($"volume{number}", samples[volume].Case.Id);
                var count = samples[volume].Case.Slices;
                Assert.InRange(slice, part * count / 3, Math.Max(part * count / 3, (part + 1) * count / 3 - 1));
                seen.Add(value);
            }
        }

        Assert.Equal(11, seen.Count);       // over the epochs every slice of every volume
    }

    [Fact]
    public void The_views_of_the_volumes_are_the_same_with_and_without_them()
    {
        using var opened = PreparedStore.Open(SmallStore.Write(_folder["store"], [5, 3, 4]));
        var samples = VolumeSamples.Collect([opened], _ => true);
        using VolumeViewLoader with = Loader(samples, 1, slices: 2), without = Loader(samples, 1, slices: null);
        using VolumeBatch one = with.Single(), other = without.Single();
        Assert.Empty(other.SliceCrops);
        Assert.Empty(other.SliceIndices);
        Assert.All(one.Views.Zip(other.Views), pair => Assert.True(pair.First.bytes.SequenceEqual(pair.Second.bytes)));
    }

    [Fact]
    public void Slices_that_show_nothing_are_not_drawn_unless_there_are_no_others()
    {
        // The made-up store says 0.1 of every slice.
        using var opened = PreparedStore.Open(SmallStore.Write(_folder["store"], [4, 4]));
        var samples = VolumeSamples.Collect([opened], _ => true);
        using var loader = Loader(samples, 0, slices: 2, minimumStd: 0.5);
        using var batch = loader.Single();
        Assert.All(batch.SliceCrops, c => Assert.True(c.std().item<float>() > 0));
        NpyFile.Write<float>(Path.Combine(_folder["store"], "cases", "volume0", "slice_std.npy"), [0, 0, 0.1f, 0], [4]);
        NpyFile.Write<float>(Path.Combine(_folder["store"], "cases", "volume1", "slice_std.npy"), [0, 0.1f, 0, 0], [4]);
        for (var epoch = 0; epoch < 5; epoch++)
        {
            using var chosen = Loader(samples, epoch, slices: 2, minimumStd: 0.05);
            using var one = chosen.Single();
            // Both parts show the one slice that shows something.
            for (var volume = 0; volume < 2; volume++)
                Assert.True(one.SliceCrops[0][2 * volume].equal(one.SliceCrops[0][2 * volume + 1]).all().item<bool>());
        }
    }

    private static VolumeViewLoader Loader(VolumeSamples samples, int epoch, int? slices, double minimumStd = 0) => new(
        samples, new VolumeLoaderSettings { BatchSize = samples.Count, Size = 16, MaxSlices = 4 }, new VolumeTransformSettings(), s_asIs, seed: 3, epoch,
        sliceCrops: slices is not { } count ? null : new SliceCropSettings
        {
            SlicesPerVolume = count,
            MinimumStd = minimumStd,
            Views = new MultiCropSettings
            {
                Crops = [new CropSettings { Count = 1, Size = 8, MinScale = 1, MaxScale = 1 }],
                MinRatio = 1, MaxRatio = 1, FlipProbability = 0, JitterProbability = 0, BlurProbability = 0,
            },
        });
}
