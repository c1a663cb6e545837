using Conjoint.Data;
using Conjoint.Data.Augmentation;
using Conjoint.Imaging;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Data;

/// <summary>Batches are functions of seed, stage, epoch and number, and of nothing else.</summary>
public sealed class LoaderTests : IDisposable
{
    private static readonly PixelNormalisation s_normalisation = new(0.4, 0.25);
    private static readonly MultiCropSettings s_crops = new()
    {
        Crops = [new() { Count = 2, Size = 16, MinScale = 0.3, MaxScale = 1 }, new() { Count = 3, Size = 8, MinScale = 0.1, MaxScale = 0.3 }],
    };

    private readonly TemporaryFolder _folder = new();
    private readonly PreparedStore _store;
    private readonly SliceSamples _slices;
    private readonly VolumeSamples _volumes;

    public LoaderTests()
    {
        for (var n = 0; n < 5; n++)
            Samples.Nifti(_folder[$"set/v{n}.nii"], Samples.Volume(10 + n, 12, 3 + 2 * n, n));
        for (var n = 0; n < 4; n++)
            Samples.Png(_folder[$"set/i{n}.png"], 20, 14, n);
        PngFile.Write(_folder["set/flat.png"], new Image([.. Enumerable.Repeat(3f, 100)], 10, 10), 8);
        Samples.Prepare(_folder["store"], null, _folder["set"]);
        _store = PreparedStore.Open(_folder["store"]);
        _slices = SliceSamples.Collect([_store], _ => true);
        _volumes = VolumeSamples.Collect([_store], _ => true);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_slice_is_a_sample_except_flat_ones()
    {
        Assert.Equal(3 + 5 + 7 + 9 + 11 + 4, _slices.Count);
        Assert.Equal(1, _slices.LeftOut);
        Assert.Equal(_slices.Count + 1, SliceSamples.Collect([_store], _ => true, minimumStd: 0).Count);
        Assert.Equal(5, _volumes.Count);
    }

    [Fact]
    public void An_epoch_has_every_sample_once_in_an_order_of_its_own()
    {
        var first = SliceBatches(epoch: 0, batch: 1).SelectMany(b => b.Indices).ToArray();
        Assert.Equal(Enumerable.Range(0, _slices.Count).Select(i => (long)i), first.Order());
        Assert.NotEqual(first, SliceBatches(epoch: 1, batch: 1).SelectMany(b => b.Indices).ToArray());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 3)]
    public void Threads_change_no_bit(int workers, int ahead)
    {
        Equal(SliceBatches(workers: 0), SliceBatches(workers: workers, ahead: ahead));
        Equal(VolumeBatches(workers: 0), VolumeBatches(workers: workers, ahead: ahead));
    }

    [Fact]
    public void Going_on_from_the_middle_of_an_epoch_gives_the_same_bits()
    {
        Equal(SliceBatches()[3..], SliceBatches(firstBatch: 3));
        Equal(VolumeBatches()[1..], VolumeBatches(firstBatch: 1));
        Assert.Empty(SliceBatches(firstBatch: 9));
    }

    [Fact]
    public void Seed_stage_and_epoch_each_change_the_batches()
    {
        var one = SliceBatches()[0];
        Assert.NotEqual(one.Data[0], SliceBatches(seed: 1)[0].Data[0]);
        Assert.NotEqual(one.Data[0], SliceBatches(stage: 1)[0].Data[0]);
        Assert.NotEqual(one.Data[0], SliceBatches(epoch: 1)[0].Data[0]);
    }

    [Fact]
    public void Processes_share_the_joint_batch_out_among_them()
    {
        var joint = SliceBatches(batch: 8);
        var parts = new[] { SliceBatches(batch: 4, rank: 0, world: 2), SliceBatches(batch: 4, rank: 1, world: 2) };
        Assert.Equal(joint.Length, parts[0].Length);
        for (var b = 0; b < joint.Length; b++)
        {
            Assert.Equal(joint[b].Indices, parts[0][b].Indices.Concat(parts[1][b].Indices).ToArray());
            Assert.Equal(joint[b].Data[0], parts[0][b].Data[0].Concat(parts[1][b].Data[0]).ToArray());
        }
    }

    [Fact]
    public void Crops_and_views_have_their_shapes_and_the_last_partial_batch_is_left_out()
    {
        using var slices = new SliceViewLoader(_slices, new LoaderSettings { BatchSize = 5 }, s_crops, s_normalisation, 0, 0);
        Assert.Equal(_slices.Count / 5, slices.Batches);
        foreach (var batch in slices)
        {
            using (batch)
            {
                Assert.Equal([16L, 16, 8, 8, 8], batch.Crops.Select(c => c.shape[3]));
                Assert.All(batch.Crops, c => Assert.Equal([5, 1], c.shape[..2]));
            }
        }

        using var volumes = new VolumeViewLoader(_volumes, new VolumeLoaderSettings { BatchSize = 2, Size = 12, MaxSlices = 6 }, new VolumeTransformSettings(), s_normalisation, 0, 0);
        Assert.Equal(2, volumes.Batches);
        foreach (var batch in volumes)
        {
            using (batch)
            {
                Assert.Equal(batch.Indices.Select(i => (long)Math.Min(6, _volumes[(int)i].Case.Slices)), batch.Lengths);
                Assert.All(batch.Views, v => Assert.Equal([batch.Lengths.Sum(), 1, 12, 12], v.shape));
                using var difference = (batch.Views[0] - batch.Views[1]).abs().max();
                Assert.True(difference.item<float>() > 0.01);
            }
        }
    }

    [Fact]
    public void A_sample_that_fails_fails_its_batch_and_disposing_ends_the_threads()
    {
        File.Delete(Path.Combine(_folder["store"], _store.Cases.First(c => c.Kind == CaseKind.Volume).ImageFile));
        using var loader = new SliceViewLoader(_slices, new LoaderSettings { BatchSize = 4, Workers = 3 }, s_crops, s_normalisation, 0, 0);
        var error = Assert.Throws<InputDataException>(() =>
        {
            foreach (var batch in loader)
                batch.Dispose();
        });
        Assert.Contains("is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loader_that_is_left_early_stops()
    {
        var loader = new SliceViewLoader(_slices, new LoaderSettings { BatchSize = 2, Workers = 4, PrefetchBatches = 2 }, s_crops, s_normalisation, 0, 0);
        using (var batch = loader.First())
            Assert.Equal(2, batch.Indices.Length);
        loader.Dispose();
        Assert.True(loader.WaitSeconds >= 0);
    }

    [Fact]
    public void Input_statistics_are_those_of_the_pixels()
    {
        var measured = PixelNormalisation.Measure(_slices);
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < _slices.Count; i++)
        {
            var values = new float[_slices[i].Case.Height * _slices[i].Case.Width];
            _store.ReadSlices(_slices[i].Case, _slices[i].Slice, 1, values);
            sum += values.Average(v => (double)v);
            squares += values.Average(v => (double)v * v);
        }

        var mean = sum / _slices.Count;
        Assert.Equal(mean, measured.Mean, 1e-4);
        Assert.Equal(Math.Sqrt(squares / _slices.Count - mean * mean), measured.Std, 1e-4);
    }

    [Fact]
    public void Whole_cases_are_read_fitted_and_normalised()
    {
        var volume = _volumes[2];
        var values = VolumeReader.Read(volume.Store, volume.Case, 8, s_normalisation);
        Assert.Equal(volume.Case.Slices * 64, values.Length);
        var slice = new float[volume.Case.Height * volume.Case.Width];
        _store.ReadSlices(volume.Case, 1, 1, slice);
        var square = new float[64];
        SliceGeometry.Fit(volume.Case, 8).Forward(slice, square);
        for (var i = 0; i < 64; i++)
            Assert.Equal((square[i] - 0.4f) / 0.25f, values[64 + i], 1e-5f);
    }

    private sealed record Snapshot(long[] Indices, float[][] Data);

    private Snapshot[] SliceBatches(int workers = 2, int ahead = 2, int firstBatch = 0, long seed = 0, long stage = 0, int epoch = 0, int batch = 4, int rank = 0, int world = 1)
    {
        var settings = new LoaderSettings { BatchSize = batch, Workers = workers, PrefetchBatches = ahead, Stage = stage, Rank = rank, WorldSize = world };
        using var loader = new SliceViewLoader(_slices, settings, s_crops, s_normalisation, seed, epoch, firstBatch);
        var result = new List<Snapshot>();
        foreach (var made in loader)
        {
            using (made)
                result.Add(new Snapshot(made.Indices, [.. made.Crops.Select(c => c.data<float>().ToArray())]));
        }

        return [.. result];
    }

    private Snapshot[] VolumeBatches(int workers = 2, int ahead = 2, int firstBatch = 0)
    {
        var settings = new VolumeLoaderSettings { BatchSize = 2, Workers = workers, PrefetchBatches = ahead, Size = 12, MaxSlices = 4 };
        using var loader = new VolumeViewLoader(_volumes, settings, new VolumeTransformSettings(), s_normalisation, 5, 0, firstBatch);
        var result = new List<Snapshot>();
        foreach (var made in loader)
        {
            using (made)
                result.Add(new Snapshot([.. made.Indices, .. made.Lengths], [.. made.Views.Select(c => c.data<float>().ToArray())]));
        }

        return [.. result];
    }

    private static void Equal(Snapshot[] expected, Snapshot[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (a, b) in expected.Zip(actual))
        {
            Assert.Equal(a.Indices, b.Indices);
            Assert.Equal(a.Data.Select(d => Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(d.AsSpan()))), b.Data.Select(d => Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(d.AsSpan()))));
        }
    }
}
