using System.IO.Compression;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Data;

/// <summary>What the different sorts of sources become.</summary>
public sealed class PrepareLayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_of_frames_is_a_volume_in_the_order_of_their_numbers()
    {
        foreach (var n in new[] { 10, 2, 0 })
            Samples.PngMask(_folder[$"set/scan/frame_{n}.png"], 4, 3, 0, 100 + n, 255);
        Samples.Prepare(_folder["store"], null, _folder["set"]);

        using var store = PreparedStore.Open(_folder["store"]);
        var volume = Assert.Single(store.Cases);
        Assert.Equal(("volume", "set-scan", "scan", "set", 3, 3, 4), (volume.Kind, volume.Id, volume.Subject, volume.Dataset, volume.Slices, volume.Height, volume.Width));
        var values = Samples.Read(store, volume);
        Assert.Equal([100 / 255f, 102 / 255f, 110 / 255f], [values[1], values[13], values[25]], (a, b) => Math.Abs(a - b) < 1e-3);
        Assert.Contains(volume.Warnings, w => w.Contains("lacks 8 of the frames 0 to 10", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(8, PrepareAs.Auto, 1, 0)]
    [InlineData(7, PrepareAs.Auto, 0, 7)]
    [InlineData(8, PrepareAs.Images, 0, 8)]
    [InlineData(3, PrepareAs.Volume, 1, 0)]
    public void Frames_with_a_common_prefix_are_a_volume_from_eight_on(int count, PrepareAs preparation, int volumes, int images)
    {
        for (var n = 0; n < count; n++)
            Samples.Png(_folder[$"set/p1_frame_{n:D3}.png"], 5, 4, n);
        var summary = Samples.Prepare(_folder["store"], new PrepareSettings { As = preparation }, _folder["set"]);
        Assert.Equal((volumes, images), (summary.Volumes, summary.Images));
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.All(store.Cases, c => Assert.Equal("p1", c.Subject));
    }

    [Fact]
    public void A_column_of_masks_that_nothing_reads_is_told()
    {
        Samples.Png(_folder["set/a.png"], 4, 3, 1);
        Samples.PngMask(_folder["set/m.png"], 4, 3, 0, 1);
        Samples.PngMask(_folder["set/c.png"], 4, 3, 0, 255);
        File.WriteAllText(_folder["set/index.csv"], "image,mask,clavicle_mask\na.png,m.png,c.png\n");
        Assert.Contains(Samples.Prepare(_folder["store"], null, _folder["set"]).Warnings, w => w.Contains("nothing reads the column clavicle_mask; --mask-columns takes", StringComparison.Ordinal));
        var layered = Samples.Prepare(_folder["layered"], new PrepareSettings { MaskColumns = "mask,clavicle_mask=2" }, _folder["set"]);
        Assert.DoesNotContain(layered.Warnings, w => w.Contains("nothing reads", StringComparison.Ordinal));

        // A radiograph without a pixel size has none, a volume with one has.
        Samples.Nifti(_folder["v.nii"], Samples.Volume(4, 5, 3, 1));
        Samples.Prepare(_folder["store2"], null, _folder["set"], _folder["v.nii"]);
        using var store = PreparedStore.Open(_folder["store2"]);
        Assert.Equal([(CaseKind.Image, false), (CaseKind.Volume, true)], store.Cases.Select(c => (c.Kind, c.StatesSpacing)).Order());
    }

    [Fact]
    public void Images_find_their_masks_by_name_and_what_is_left_over_is_told()
    {
        Samples.Nifti(_folder["set/images/a_0000.nii.gz"], Samples.Volume(4, 5, 3, 1));
        Samples.Nifti(_folder["set/labels/a.nii.gz"], new Volume([.. Enumerable.Range(0, 60).Select(i => (float)(i % 3))], 4, 5, 3, Affine.FromSpacing(1, 1, 2)), NiftiDataType.UInt8);
        Samples.Nifti(_folder["set/images/b.nii.gz"], Samples.Volume(4, 5, 3, 2));
        Samples.Nifti(_folder["set/labels/c.nii.gz"], Samples.Volume(4, 5, 3, 2));
        File.WriteAllText(_folder["set/notes.txt"], "notes");
        var summary = Samples.Prepare(_folder["store"], null, _folder["set"]);

        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal(["set-images-a_0000", "set-images-b"], store.Cases.Select(c => c.Id));
        Assert.Equal([1, 2], store.MaskClasses);
        Assert.Equal("a", store.Cases[0].Subject);
        Assert.Equal([.. Enumerable.Range(0, 60).Select(i => (ushort)(i % 3))], Samples.ReadMask(store, store.Cases[0]));
        Assert.False(store.Cases[1].HasMask);
        Assert.Equal(["set/labels/c.nii.gz", "set/notes.txt"], summary.Skipped.Select(s => s.Path));
        Assert.Contains(summary.Warnings, w => w.Contains("set-images-b has no mask", StringComparison.Ordinal));
    }

    [Fact]
    public void A_table_names_files_relative_to_a_parent_and_says_subject_split_label_modality_and_dataset()
    {
        Samples.Png(_folder["data/set/x/1.png"], 6, 5, 1);
        Samples.PngMask(_folder["data/set/m/1.png"], 6, 5, 0, 255);
        Samples.Png(_folder["data/set/x/2.png"], 6, 5, 2);
        File.WriteAllText(_folder["data/set/index.csv"], "image;mask;subject;split;label;modality;dataset;age\nset/x/1.png;set/m/1.png;s1;training;benign;DX;first;50\nx\\2.png;;s2;TEST;malignant;;;60\n");
        Samples.Prepare(_folder["store"], null, _folder["data"]);

        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal([("s1", "train", (int?)0, "first", Modality.XRay, true), ("s2", "test", 1, "set", Modality.Unknown, false)],
            store.Cases.Select(c => (c.Subject, c.Split, c.Label, c.Dataset, c.Modality, c.HasMask)));
        Assert.Equal(["benign", "malignant"], store.ClassNames);
        Assert.Equal([1], store.MaskClasses);
        Assert.Equal(["data/set/x/1.png", "data/set/x/2.png"], store.Cases.Select(c => c.Source));
    }

    [Fact]
    public void A_column_of_zeros_and_ones_is_the_label_where_none_is_called_so()
    {
        Samples.Png(_folder["set/1.png"], 6, 5, 1);
        Samples.Png(_folder["set/2.png"], 6, 5, 2);
        File.WriteAllText(_folder["set/index.csv"], "image,frame,tuberculosis\n1.png,0,1\n2.png,1,0\n");
        Samples.Prepare(_folder["store"], null, _folder["set"]);
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal([1, 0], store.Cases.Select(c => c.Label));
    }

    [Fact]
    public void Rows_with_a_volume_become_volumes_with_their_masks()
    {
        var table = new List<string> { "image,mask,volume,frame,subject" };
        for (var n = 0; n < 9; n++)
        {
            Samples.Png(_folder[$"set/i/{n}.png"], 4, 4, n);
            Samples.PngMask(_folder[$"set/m/{n}.png"], 4, 4, 0, n);
            table.Add($"i/{n}.png,m/{n}.png,v1,{8 - n},p");
        }

        File.WriteAllLines(_folder["set/index.csv"], table);
        Samples.Prepare(_folder["store"], null, _folder["set"]);
        using var store = PreparedStore.Open(_folder["store"]);
        var volume = Assert.Single(store.Cases);
        Assert.Equal((9, "p", "set-i-v1"), (volume.Slices, volume.Subject, volume.Id));
        Assert.Equal(8, Samples.ReadMask(store, volume)[1]);
    }

    [Fact]
    public void Boxes_are_joined_to_their_images_cut_to_them_and_refused_for_another_size()
    {
        foreach (var n in new[] { 1, 2, 3 })
            Samples.Png(_folder[$"set/{n}.png"], 20, 10, n);
        File.WriteAllText(_folder["set/boxes.csv"],
            "image,x1,y1,x2,y2,class,subject,split,width,height\n1.png,1,2,5,6,lung,a,train,20,10\n1.png,15,5,30,9,heart,a,train,20,10\n2.png,,,,,,b,val,20,10\n3.png,1,1,2,2,lung,c,test,40,20\n1.png,9,9,3,3,lung,a,train,20,10\n");
        var summary = Samples.Prepare(_folder["store"], null, _folder["set"]);
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal([new Box(1, 2, 5, 6, "lung"), new Box(15, 5, 20, 9, "heart")], store.Cases[0].Boxes);
        Assert.Equal((0, true), (store.Cases[1].Boxes.Count, store.Cases[1].HasBoxes));
        Assert.Equal(["heart", "lung"], store.BoxClasses);
        Assert.Equal(2, store.Cases.Count);
        Assert.Contains(summary.Skipped, s => s.Path == "set/3.png" && s.Reason.Contains("boxes are for 40×20", StringComparison.Ordinal));
        Assert.Contains(summary.Skipped, s => s.Reason.Contains("expected x1 < x2", StringComparison.Ordinal));
    }

    [Fact]
    public void An_archive_gives_volumes_or_images_with_labels_and_splits()
    {
        using (var archive = ZipFile.Open(Samples.Folder(_folder["set/mini.npz"]), ZipArchiveMode.Create))
        {
            Add(archive, "train_images", [.. Samples.Values(3 * 2 * 4 * 5, 1).Select(v => (byte)v)], [3, 2, 4, 5]);
            Add(archive, "train_labels", [0, 1, 0], [3, 1]);
            Add(archive, "test_images", [.. Samples.Values(2 * 4 * 5, 2).Select(v => (byte)v)], [2, 4, 5]);
            Add(archive, "extra", [1, 2, 3], [3]);
        }

        var summary = Samples.Prepare(_folder["store"], null, _folder["set"]);
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal((3, 2), (summary.Volumes, summary.Images));
        var volume = store.Cases.Single(c => c.Id == "set-mini-train_images-00001");
        // x, y, z = 2, 4, 5: slices along z, rows along y.
        Assert.Equal((5, 4, 2, "train", (int?)1), (volume.Slices, volume.Height, volume.Width, volume.Split, volume.Label));
        Assert.Equal("set/mini.npz#extra", Assert.Single(summary.Skipped).Path);
        Assert.All(store.Cases.Where(c => c.Kind == CaseKind.Image), c => Assert.Equal("test", c.Split));

        static void Add(ZipArchive archive, string name, byte[] values, int[] shape)
        {
            using var stream = archive.CreateEntry(name + ".npy").Open();
            NpyFile.Write<byte>(stream, values, shape);
        }
    }

    [Fact]
    public void Several_sources_with_equal_names_are_told_apart()
    {
        Samples.Png(_folder["one/x/1.png"], 4, 4, 1);
        Samples.Png(_folder["two/x/1.png"], 4, 4, 2);
        Samples.Png(_folder["more/two/x/1.png"], 4, 4, 3);
        Samples.Prepare(_folder["store"], null, _folder["one"], _folder["two"], _folder["more/two"]);
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal(3, store.Cases.Select(c => c.Id).Distinct().Count());
        Assert.Contains("two-x-1", store.Cases.Select(c => c.Id));
    }

    [Fact]
    public void Volumes_are_stored_in_RAS_order_and_can_be_laid_back_over_their_file()
    {
        // An LPS grid with its slices along y, the axis of largest spacing.
        var affine = new Affine(new[,] { { -1.0, 0, 0, 10 }, { 0, -3, 0, 20 }, { 0, 0, 1.5, 5 } });
        var volume = Samples.Volume(4, 3, 5, 7, affine);
        Samples.Nifti(_folder["set/a.nii.gz"], volume);
        Samples.Prepare(_folder["store"], null, _folder["set"]);
        using var store = PreparedStore.Open(_folder["store"]);
        var stored = Assert.Single(store.Cases);
        Assert.Equal("LPS", stored.Orientation);
        Assert.Equal((3, 5, 4), (stored.Slices, stored.Height, stored.Width));
        Assert.Equal([3, 1.5, 1], stored.SpacingMm);

        // Stored voxel (n, h, w) is where its affine says.
        var values = Samples.Read(store, stored);
        var (x, y, z) = stored.Affine!.Apply(1, 2, 3);
        Assert.Equal(affine.Apply(0, 1, 2), (x, y, z));
        var back = new float[60];
        stored.SourceGrid!.ToSource<float>(values, back);
        var order = Enumerable.Range(0, 60).OrderBy(i => volume.Voxels[i]).ToArray();
        for (var i = 1; i < 60; i++)
            Assert.True(back[order[i - 1]] <= back[order[i]]);
    }

    [Fact]
    public void A_slice_that_is_one_voxel_thick_is_one_slice_whatever_its_spacing()
    {
        Samples.Nifti(_folder["set/a.nii"], Samples.Volume(6, 5, 1, 3, Affine.FromSpacing(2, 2, 1)));
        Samples.Prepare(_folder["store"], null, _folder["set"]);
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal((1, 5, 6), (store.Cases[0].Slices, store.Cases[0].Height, store.Cases[0].Width));
    }

    [Fact]
    public void A_store_inside_its_source_is_not_read()
    {
        Samples.Png(_folder["set/1.png"], 4, 4, 1);
        Samples.Prepare(_folder["set/store"], null, _folder["set"]);
        Assert.Equal(1, Samples.Prepare(_folder["set/store"], null, _folder["set"]).Cases);
    }

    [Fact]
    public void Folders_that_are_linked_in_a_circle_are_read_once()
    {
        Samples.Png(_folder["set/a/1.png"], 4, 4, 1);
        Directory.CreateSymbolicLink(_folder["set/a/up"], _folder["set"]);
        Assert.Equal(1, Samples.Prepare(_folder["store"], null, _folder["set"]).Cases);
    }

    [Fact]
    public void A_store_that_is_its_own_source_or_a_file_is_refused()
    {
        Samples.Png(_folder["set/1.png"], 4, 4, 1);
        Assert.Contains("source and output at once", Assert.Throws<InputDataException>(() => Samples.Prepare(_folder["set"], null, _folder["set"])).Message, StringComparison.Ordinal);
        Assert.Contains("can't be made a store", Assert.Throws<InputDataException>(() => Samples.Prepare(_folder["set/1.png"], null, _folder["set"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_and_empty_sources_and_faulty_settings_are_refused()
    {
        Directory.CreateDirectory(_folder["empty"]);
        Directory.CreateDirectory(_folder["text"]);
        File.WriteAllText(_folder["text/readme.md"], "# hello");
        Assert.Contains("does not exist", Assert.Throws<InputDataException>(() => Samples.Prepare(_folder["store"], null, _folder["none"])).Message, StringComparison.Ordinal);
        Assert.Contains("is empty", Assert.Throws<InputDataException>(() => Samples.Prepare(_folder["store"], null, _folder["empty"])).Message, StringComparison.Ordinal);
        Assert.Contains("readme.md", Assert.Throws<InputDataException>(() => Samples.Prepare(_folder["store"], null, _folder["text"])).Message, StringComparison.Ordinal);
        Assert.Throws<ConfigurationException>(() => new Preparer(new PrepareSettings { CtWindowLow = 5, CtWindowHigh = 5 }));
    }
}
