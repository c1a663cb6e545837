using System.Text.Json;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Data;

/// <summary>Bad cases are set aside with their reason, and the others go on.</summary>
public sealed class PrepareFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PrepareFaultTests() => Samples.Nifti(_folder["set/images/good.nii.gz"], Samples.Volume(4, 5, 3, 1));

    public void Dispose() => _folder.Dispose();

    private SkippedInput OnlySkipped(string reason)
    {
        var summary = Samples.Prepare(_folder["store"], null, _folder["set"]);
        Assert.True(summary.Cases >= 1);
        var skipped = Assert.Single(summary.Skipped);
        Assert.Contains(reason, skipped.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Path, skipped.Reason + skipped.Path, StringComparison.Ordinal);
        var line = Assert.Single(File.ReadAllLines(Path.Combine(_folder["store"], PreparedStore.SkippedFile)));
        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal((skipped.Path, skipped.Reason, skipped.Kind), (json.GetProperty("path").GetString(), json.GetProperty("reason").GetString(), json.GetProperty("kind").GetString()));
        return skipped;
    }

    [Fact]
    public void A_truncated_volume()
    {
        Samples.Nifti(_folder["set/images/bad.nii"], Samples.Volume(4, 5, 3, 2));
        using (var file = File.OpenWrite(_folder["set/images/bad.nii"]))
            file.SetLength(400);
        Assert.Equal("unreadable", OnlySkipped("bad.nii").Kind);
    }

    [Fact]
    public void A_header_without_its_voxels()
    {
        Samples.Nifti(_folder["set/images/bad.nii"], Samples.Volume(4, 5, 3, 2));
        var header = File.ReadAllBytes(_folder["set/images/bad.nii"])[..348];
        header[345] = (byte)'i'; // "ni1": the voxels are in a file of their own
        File.Delete(_folder["set/images/bad.nii"]);
        File.WriteAllBytes(_folder["set/images/bad.hdr"], header);
        OnlySkipped("expected bad.img beside it");
    }

    [Fact]
    public void A_truncated_image()
    {
        Samples.Png(_folder["set/images/bad.png"], 30, 30, 1);
        using (var file = File.OpenWrite(_folder["set/images/bad.png"]))
            file.SetLength(200);
        Assert.Equal("unreadable", OnlySkipped("bad.png").Kind);
    }

    [Fact]
    public void A_frame_of_another_size()
    {
        Samples.Png(_folder["set/scan/frame_0.png"], 5, 4, 1);
        Samples.Png(_folder["set/scan/frame_1.png"], 4, 4, 1);
        Assert.Equal("set/scan", OnlySkipped("frame_1.png has 4×4 pixels, but the first frame").Path);
    }

    [Fact]
    public void A_mask_of_another_size()
    {
        Samples.Nifti(_folder["set/images/bad.nii.gz"], Samples.Volume(4, 5, 3, 2));
        Samples.Nifti(_folder["set/labels/bad.nii.gz"], Samples.Volume(4, 4, 3, 2));
        Assert.Equal("mask", OnlySkipped("is a mask of 3 slices of 4×4").Kind);
    }

    [Fact]
    public void A_mask_that_lies_elsewhere()
    {
        Samples.Nifti(_folder["set/images/bad.nii.gz"], Samples.Volume(4, 5, 3, 2));
        Samples.Nifti(_folder["set/labels/bad.nii.gz"], Samples.Volume(4, 5, 3, 2, new Affine(new[,] { { 1.0, 0, 0, 3 }, { 0, 1, 0, 0 }, { 0, 0, 2, 0 } })));
        Assert.Equal("mask", OnlySkipped("up to 3 mm away").Kind);
    }

    [Fact]
    public void A_mask_in_another_orientation_of_the_same_grid_is_welcome()
    {
        Samples.Nifti(_folder["set/images/a.nii.gz"], Samples.Volume(4, 5, 3, 2));
        // The same voxels with the first axis turned round.
        var labels = Enumerable.Range(0, 60).Select(i => (float)(i % 4)).ToArray();
        Samples.Nifti(_folder["set/labels/a.nii.gz"], new Volume(labels, 4, 5, 3, new Affine(new[,] { { -1.0, 0, 0, 3 }, { 0, 1, 0, 0 }, { 0, 0, 2, 0 } })), NiftiDataType.UInt8);
        Samples.Prepare(_folder["store"], null, _folder["set"]);
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal([3, 2, 1, 0], Samples.ReadMask(store, store.Cases.Single(c => c.HasMask))[..4]);
    }

    [Fact]
    public void A_mask_without_labels()
    {
        Samples.Nifti(_folder["set/images/bad.nii.gz"], Samples.Volume(4, 5, 3, 2));
        Samples.Nifti(_folder["set/labels/bad.nii.gz"], new Volume([.. Enumerable.Repeat(0.5f, 60)], 4, 5, 3, Affine.FromSpacing(1, 1, 2)), NiftiDataType.Float32);
        Assert.Equal("mask", OnlySkipped("labels are whole numbers").Kind);
    }

    [Fact]
    public void Values_that_are_mostly_not_finite()
    {
        NpyFile.Write<float>(Samples.Folder(_folder["set/bad.npy"]), [.. Enumerable.Range(0, 60).Select(i => i < 31 ? float.NaN : i)], [4, 5, 3]);
        Assert.Equal("values", OnlySkipped("31 of its 60 values are NaN or infinite").Kind);
    }

    [Fact]
    public void A_table_that_names_files_outside_its_parents_or_unknown_splits()
    {
        Samples.Png(_folder["t/a.png"], 4, 4, 1);
        Samples.Png(_folder["t/b.png"], 4, 4, 2);
        File.WriteAllText(_folder["t/index.csv"], $"image,split\na.png,train\n{_folder["t/b.png"]},train\n../t/b.png,train\nmissing.png,\nb.png,fold1\na.png,train\n,train\n");
        var summary = Samples.Prepare(_folder["store"], null, _folder["t"]);
        Assert.Equal(1, summary.Cases);
        foreach (var reason in new[] { "absolute path", "'..'", "does not exist", "'fold1'", "named twice", "names no image" })
            Assert.Single(summary.Skipped, s => s.Reason.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_table_without_images_or_with_broken_quotes_names_the_file()
    {
        Samples.Png(_folder["t/a.png"], 4, 4, 1);
        File.WriteAllText(_folder["t/index.csv"], "picture\na.png\n");
        Assert.Contains("no column 'image'", Assert.Throws<InputDataException>(() => Samples.Prepare(_folder["store"], null, _folder["t"])).Message, StringComparison.Ordinal);
        File.WriteAllText(_folder["t/index.csv"], "image,subject\na.png,\"x\nb.png,y\n");
        Assert.Contains("no proper CSV", Assert.Throws<InputDataException>(() => Samples.Prepare(_folder["store"], null, _folder["t"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_subject_that_a_table_puts_into_two_splits_keeps_the_more_protected_one()
    {
        Samples.Png(_folder["t/a.png"], 4, 4, 1);
        Samples.Png(_folder["t/b.png"], 4, 4, 2);
        Samples.Png(_folder["t/c.png"], 4, 4, 3);
        File.WriteAllText(_folder["t/index.csv"], "image,subject,split\na.png,p,train\nb.png,p,test\nc.png,q,train\n");
        var summary = Samples.Prepare(_folder["store"], null, _folder["t"]);
        Assert.Equal(("t/a.png", "split"), (Assert.Single(summary.Skipped).Path, summary.Skipped[0].Kind));
        Assert.Equal(2, summary.Cases);
    }

    [Fact]
    public void Nothing_usable_names_the_folder_and_the_first_reason()
    {
        File.WriteAllBytes(Samples.Folder(_folder["bad/x.png"]), [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]);
        var error = Assert.Throws<InputDataException>(() => Samples.Prepare(_folder["store"], null, _folder["bad"]));
        Assert.Equal(_folder["bad"], error.Path);
        Assert.Contains("bad/x.png", error.Message, StringComparison.Ordinal);
        Assert.False(PreparedStore.IsStore(_folder["store"]));
    }

    [Fact]
    public void The_same_content_in_two_splits_is_told()
    {
        foreach (var name in new[] { "a", "b" })
            Samples.Png(_folder[$"t/{name}.png"], 4, 4, 1);
        File.WriteAllText(_folder["t/index.csv"], "image,split\na.png,train\nb.png,test\n");
        Assert.Contains(Samples.Prepare(_folder["store"], null, _folder["t"]).Warnings, w => w.StartsWith("The same content is in different splits (train and test)", StringComparison.Ordinal));
    }
}
