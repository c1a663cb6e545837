using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Data.Grids;

/// <summary>Stores on another grid than that of the files.</summary>
public sealed class PrepareGridTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // Axes P, S, L and oblique: nothing may depend on the file's own order.
    private static readonly Affine s_oblique = new(new[,] { { 0, 0.1, -1.5, 40 }, { -0.8, 0, 0.1, -12 }, { 0.02, 3, 0, 7 } });

    public void Dispose() => _folder.Dispose();

    private PreparedStore Prepare(PrepareSettings settings, string source)
    {
        Samples.Prepare(_folder["store"], settings with { ValidationShare = 0, TestShare = 0 }, _folder[source]);
        return PreparedStore.Open(_folder["store"]);
    }

    /// <summary>A volume whose values rise linearly through space: 3x + 2y + z, in mm.</summary>
    private static Volume Slope(int nx, int ny, int nz, Affine affine)
    {
        var voxels = new float[nx * ny * nz];
        for (var i = 0; i < voxels.Length; i++)
        {
            var (x, y, z) = affine.Apply(i % nx, i / nx % ny, i / nx / ny);
            voxels[i] = (float)(3 * x + 2 * y + z);
        }

        return new Volume(voxels, nx, ny, nz, affine);
    }

    [Theory]
    [InlineData("1,1,1")]
    [InlineData("2,2.5,4")]
    [InlineData("iso")]
    public void A_voxel_of_the_store_lies_where_its_value_does(string spacing)
    {
        Samples.Nifti(_folder["scan.nii"], Slope(24, 14, 18, s_oblique), NiftiDataType.Float32);
        using var store = Prepare(new PrepareSettings { Modality = Modality.MR, LowPercentile = 0, HighPercentile = 100, Spacing = TargetSpacing.Parse(spacing) }, "scan.nii");
        var stored = Assert.Single(store.Cases);
        var values = Samples.Read(store, stored);
        var source = ImageFile.ReadVolume(_folder["scan.nii"]);
        var (low, high) = (source.Voxels.Min(), source.Voxels.Max());

        double[] want = spacing == "iso" ? [.. Enumerable.Repeat(source.SpacingMm.Min(), 3)] : [.. spacing.Split(',').Select(s => double.Parse(s, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal([want[2], want[1], want[0]], stored.SpacingMm.Select(s => Math.Round(s, 9)).Zip(new[] { want[2], want[1], want[0] }, (a, b) => Math.Abs(a - b) < 1e-6 ? b : a));
        var seen = 0;
        for (var n = 3; n < stored.Slices - 3; n++)
        {
            for (var h = 3; h < stored.Height - 3; h++)
            {
                for (var w = 3; w < stored.Width - 3; w++, seen++)
                {
                    var (x, y, z) = stored.Affine!.Apply(n, h, w);
                    Assert.Equal((3 * x + 2 * y + z - low) / (high - low), values[(n * stored.Height + h) * stored.Width + w], 1e-3); // halves
                }
            }
        }

        Assert.True(seen > 30, $"{stored.Slices}×{stored.Height}×{stored.Width}");
    }

    [Fact]
    public void Cubes_are_cut_into_axial_slices_however_the_scan_was_taken()
    {
        Samples.Nifti(_folder["sagittal.nii"], Samples.Volume(4, 12, 12, 1, Affine.FromSpacing(3, 1, 1)));
        using (var own = Prepare(new PrepareSettings(), "sagittal.nii"))
            Assert.Equal((4, 12, 12), (own.Cases[0].Slices, own.Cases[0].Height, own.Cases[0].Width));
        using var store = Prepare(new PrepareSettings { Spacing = TargetSpacing.Isotropic }, "sagittal.nii");
        var stored = store.Cases[0];
        Assert.Equal((12, 12, 12), (stored.Slices, stored.Height, stored.Width));
        Assert.Equal(2, stored.SourceGrid!.Axes[0]);
    }

    [Fact]
    public void Crop_and_pad_give_one_size_about_the_centre()
    {
        var volume = Samples.Volume(9, 4, 6, 2);
        Samples.Nifti(_folder["scan.nii"], volume);
        using var store = Prepare(new PrepareSettings { LowPercentile = 0, HighPercentile = 100, Crop = CropTarget.Parse("5,5,5"), Pad = GridSize.Parse("5,7,5") }, "scan.nii");
        var stored = store.Cases[0];
        Assert.Equal((5, 7, 5), (stored.Slices, stored.Height, stored.Width));
        Assert.Equal([0.0, -1.0, 2.0], stored.GridMap!.Offset);
        var values = Samples.Read(store, stored);
        var (low, high) = (volume.Voxels.Min(), volume.Voxels.Max());
        // z loses its last slice, y gets a row before and two after, x loses two columns on each side.
        for (var n = 0; n < 5; n++)
        {
            for (var h = 0; h < 7; h++)
            {
                for (var w = 0; w < 5; w++)
                {
                    var expected = h is 0 or 5 or 6 ? 0 : (volume[w + 2, h - 1, n] - low) / (high - low);
                    Assert.Equal(expected, values[(n * 7 + h) * 5 + w], 1e-3);
                }
            }
        }
    }

    [Fact]
    public void The_foregrounds_box_keeps_the_mask_and_its_place()
    {
        var (voxels, labels) = (new float[20 * 20 * 10], new float[20 * 20 * 10]);
        int At(int x, int y, int z) => x + 20 * (y + 20 * z);
        for (var z = 3; z <= 6; z++)
        {
            for (var y = 5; y <= 9; y++)
            {
                for (var x = 8; x <= 15; x++)
                    voxels[At(x, y, z)] = 500 + x;
            }
        }

        labels[At(10, 7, 8)] = 4; // above the bright part
        Samples.Nifti(_folder["set/images/a.nii"], new Volume(voxels, 20, 20, 10, Affine.FromSpacing(1, 1, 2)));
        Samples.Nifti(_folder["set/labels/a.nii"], new Volume(labels, 20, 20, 10, Affine.FromSpacing(1, 1, 2)), NiftiDataType.UInt8);
        using var store = Prepare(new PrepareSettings { Crop = CropTarget.Foreground }, "set");
        var stored = store.Cases[0];
        Assert.Equal((6, 5, 8), (stored.Slices, stored.Height, stored.Width));
        Assert.Equal((8.0, 5.0, 6.0), stored.Affine!.Apply(0, 0, 0));
        var mask = Samples.ReadMask(store, stored);
        Assert.Equal(4, mask[(5 * 5 + 2) * 8 + 2]);
        Assert.Equal(1, mask.Count(l => l != 0));
    }

    [Fact]
    public void A_label_that_a_cut_takes_away_is_not_named()
    {
        var labels = new float[6 * 6 * 6];
        (labels[0], labels[2 + 6 * (2 + 6 * 2)]) = (1, 2);
        Samples.Nifti(_folder["set/images/a.nii"], Samples.Volume(6, 6, 6, 1));
        Samples.Nifti(_folder["set/labels/a.nii"], new Volume(labels, 6, 6, 6, Affine.FromSpacing(1, 1, 2)), NiftiDataType.UInt8);
        using var store = Prepare(new PrepareSettings { Crop = CropTarget.Parse("2,2,2") }, "set");
        Assert.Equal([2], store.Cases[0].MaskLabels);
    }

    [Fact]
    public void Scans_without_millimetres_are_cut_but_not_resampled()
    {
        for (var n = 0; n < 9; n++)
            Samples.Png(_folder[$"set/scan_frame_00{n}.png"], 8, 6, n);
        Samples.Png(_folder["set/single.png"], 8, 6, 50);
        using var store = Prepare(new PrepareSettings { Spacing = TargetSpacing.Isotropic, Crop = CropTarget.Parse("4,4,4") }, "set");
        var volume = store.Cases.Single(c => c.Kind == CaseKind.Volume);
        Assert.Equal((4, 4, 4), (volume.Slices, volume.Height, volume.Width));
        Assert.Contains(volume.Warnings, w => w.Contains("no voxel size", StringComparison.Ordinal));
        var image = store.Cases.Single(c => c.Kind == CaseKind.Image);
        Assert.Equal((6, 8), (image.Height, image.Width));
    }

    [Fact]
    public void Settings_stand_in_the_manifest_and_changed_ones_make_cases_again()
    {
        Samples.Nifti(_folder["a.nii"], Samples.Volume(6, 5, 4, 1));
        var settings = new PrepareSettings { Spacing = TargetSpacing.Parse("1,1,1"), Crop = CropTarget.Foreground, Pad = GridSize.Parse("8,8,8"), Normalisation = IntensityRule.Percentile };
        Assert.Equal(1, Samples.Prepare(_folder["store"], settings, _folder["a.nii"]).Written);
        Assert.Equal(1, Samples.Prepare(_folder["store"], settings, _folder["a.nii"]).Kept);
        using (var store = PreparedStore.Open(_folder["store"]))
        {
            Assert.Equal((settings.Spacing, settings.Crop, settings.Pad, settings.Normalisation),
                (store.Manifest.Settings.Spacing, store.Manifest.Settings.Crop, store.Manifest.Settings.Pad, store.Manifest.Settings.Normalisation));
        }

        foreach (var other in new[] { settings with { Spacing = null }, settings with { Crop = null }, settings with { Pad = null }, settings with { Normalisation = IntensityRule.Released } })
            Assert.Equal(1, Samples.Prepare(_folder["store"], other, _folder["a.nii"]).Written);
    }

    [Fact]
    public void The_disk_need_is_that_of_the_new_grid()
    {
        Samples.Nifti(_folder["a.nii"], Samples.Volume(6, 5, 4, 1)); // 1 × 1 × 2 mm
        Samples.Nifti(_folder["b.nii"], Samples.Volume(6, 5, 4, 2, s_oblique));
        long Need(PrepareSettings settings, string file)
        {
            var needed = 0L;
            new Preparer(settings).Run([_folder[file]], _folder["store"], new First(p => needed = p.BytesNeeded), TestContext.Current.CancellationToken);
            using var store = PreparedStore.Open(_folder["store"]);
            Assert.Equal(needed, 2L * store.Cases[0].Slices * store.Cases[0].Height * store.Cases[0].Width);
            return needed;
        }

        Assert.Equal(2 * 6 * 5 * 4, Need(new PrepareSettings(), "a.nii"));
        Assert.Equal(2 * 6 * 5 * 8, Need(new PrepareSettings { Spacing = TargetSpacing.Isotropic }, "a.nii"));
        Assert.Equal(2 * 4 * 9 * 4, Need(new PrepareSettings { Crop = CropTarget.Parse("4,9,9"), Pad = GridSize.Parse("1,9,1") }, "a.nii"));
        Need(new PrepareSettings { Spacing = TargetSpacing.Parse("1,2,0.5"), Pad = GridSize.Parse("20,1,1") }, "b.nii");
    }

    [Fact]
    public void A_disk_that_is_too_small_is_told_before_anything_is_written()
    {
        var fault = Assert.Throws<InputDataException>(() => DiskSpace.Require("store", 30L << 30, 2L << 30, 20L << 30));
        Assert.Equal("store: needs about 28 GiB more on the disk for this store, but there are 20 GiB left; free some, or choose another disk with --out", fault.Message);
        DiskSpace.Require("store", 30L << 30, 12L << 30, 20L << 30);

        // The whole way: tiny files that would be padded to two gibibytes each, more of them than the disk holds.
        var cases = new DriveInfo(_folder.Path).AvailableFreeSpace / (2L << 30) + 2;
        Assert.SkipWhen(cases > 2000, "the disk is too large to ask for more than it has with small files");
        for (var n = 0; n < cases; n++)
            Samples.Nifti(_folder[$"set/{n}.nii"], Samples.Volume(2, 2, 2, n));
        Assert.Throws<InputDataException>(() => Samples.Prepare(_folder["big"], new PrepareSettings { Pad = GridSize.Parse("1024,1024,1024") }, _folder["set"]));
        Assert.Empty(Directory.GetFileSystemEntries(_folder["big/cases"]));
    }

    [Fact]
    public void A_spacing_that_makes_too_many_voxels_leaves_the_case_out()
    {
        Samples.Nifti(_folder["a.nii"], Samples.Volume(20, 20, 20, 1));
        var fault = Assert.Throws<InputDataException>(() => Samples.Prepare(_folder["store"], new PrepareSettings { Spacing = TargetSpacing.Parse("0.001") }, _folder["a.nii"]));
        Assert.Contains("choose a larger spacing", fault.Message, StringComparison.Ordinal);
    }

    private sealed class First(Action<PrepareProgress> tell) : IProgress<PrepareProgress>
    {
        public void Report(PrepareProgress value)
        {
            if (value.Done == 0)
                tell(value);
        }
    }
}
