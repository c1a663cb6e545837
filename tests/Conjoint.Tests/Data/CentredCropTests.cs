using Conjoint.Data;
using Conjoint.Data.Augmentation;
using Conjoint.Runtime;
using Conjoint.Tests.Training.Runs;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Data;

public class CentredCropTests
{
    [Theory]
    [InlineData(4, 4, 0, 0, 4)]
    [InlineData(6, 4, 1, 0, 4)]
    [InlineData(7, 4, 2, 0, 4)]
    [InlineData(2, 4, 0, 1, 2)]
    [InlineData(1, 4, 0, 2, 1)]
    public void The_first_side_has_one_more_where_the_number_is_odd(int length, int target, int source, int first, int count) =>
        Assert.Equal((source, first, count), CentredCrop.Axis(length, target));

    [Fact]
    public void A_slice_is_cut_and_framed_without_resizing()
    {
        var square = new float[9];
        CentredCrop.Slice([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], height: 2, width: 5, square, size: 3);
        Assert.Equal([0, 0, 0, 2, 3, 4, 7, 8, 9], square);
    }

    [Fact]
    public void Volumes_of_any_length_give_batches_of_one()
    {
        using var folder = new TemporaryFolder();
        // The value tells the slice: 0.1 for the first, 0.2 for the second.
        using var store = PreparedStore.Open(SmallStore.Write(folder["store"], [2, 7], pixel: (_, slice, _, _) => 0.1f * (slice + 1)));
        var samples = VolumeSamples.Collect([store], _ => true);
        var settings = new VolumeLoaderSettings { BatchSize = 2, Size = 24, MaxSlices = 4, Fit = SliceFit.CropOrPad, Workers = 0 };
        var still = new VolumeTransformSettings { Kinds = [VolumeTransformKind.Flip, VolumeTransformKind.Noise], FlipProbability = 0, MaxNoiseStd = 0 };
        using var loader = new VolumeViewLoader(samples, settings, still, new PixelNormalisation(0, 1), seed: 1, epoch: 0);
        using var batch = loader.Single();
        Assert.Equal([4, 4], batch.Lengths);

        var view = batch.Views[0];                                                          // [8, 1, 24, 24]
        double[] centres = [.. Enumerable.Range(0, 8).Select(n => Math.Round(view[n, 0, 12, 12].item<float>(), 2))];
        double[] corners = [.. Enumerable.Range(0, 8).Select(n => Math.Round(view[n, 0, 0, 0].item<float>(), 2))];
        var shorter = Array.IndexOf(batch.Indices, 0L) * 4;
        Assert.Equal([0, 0.1, 0.2, 0], centres.Skip(shorter).Take(4));
        Assert.Equal([0.3, 0.4, 0.5, 0.6], centres.Skip(4 - shorter).Take(4));
        Assert.All(corners, c => Assert.Equal(0, c));
    }
}
