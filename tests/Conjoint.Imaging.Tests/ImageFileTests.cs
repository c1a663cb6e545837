using Conjoint.TestSupport;

namespace Conjoint.Imaging.Tests;

public sealed class ImageFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Content_goes_before_the_name()
    {
        File.WriteAllBytes(_folder["really.jpg"], PngFile.EncodeGrey([1, 2], 2, 1));
        Assert.Equal("png", ImageFile.Identify(_folder["really.jpg"])!.Name);
        Assert.Equal([1, 2], ImageFile.ReadImage(_folder["really.jpg"]).Pixels);
    }

    [Theory]
    [InlineData("scan.nii.gz", "nifti")]
    [InlineData("SCAN.NII", "nifti")]
    [InlineData("a.PNG", "png")]
    [InlineData("a.jpeg", "jpeg")]
    [InlineData("a.npy", "npy")]
    [InlineData("a.npz", "npz")]
    public void A_damaged_file_is_known_by_its_name_and_told_what_is_wrong(string name, string format)
    {
        File.WriteAllText(_folder[name], "something else altogether");
        Assert.Equal(format, ImageFile.Identify(_folder[name])!.Name);
        Assert.True(ImageFile.IsReadable(_folder[name]));
        Assert.StartsWith(_folder[name], Assert.Throws<InputDataException>(() => ImageFile.ReadHeader(_folder[name])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_file_is_refused_with_the_known_formats()
    {
        File.WriteAllText(_folder["notes.txt"], "text");
        Assert.Null(ImageFile.Identify(_folder["notes.txt"]));
        var fault = Assert.Throws<InputDataException>(() => ImageFile.ReadImage(_folder["notes.txt"]));
        Assert.Contains(".nii.gz", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_told()
    {
        Assert.Contains("does not exist", Assert.Throws<InputDataException>(() => ImageFile.ReadHeader(_folder["none.nii"])).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<InputDataException>(() => ImageFile.ReadHeader(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pipe.nii")]
    [InlineData("pipe.png")]
    [InlineData("pipe.mha")]
    [InlineData("pipe")]
    public void A_pipe_that_nobody_writes_to_is_refused_at_once(string name)
    {
        using (var made = System.Diagnostics.Process.Start("mkfifo", _folder[name]))
            made.WaitForExit();
        Assert.Throws<InputDataException>(() => ImageFile.ReadHeader(_folder[name]));
    }

    [Fact]
    public void A_plain_image_is_no_volume()
    {
        File.WriteAllBytes(_folder["i.png"], PngFile.EncodeGrey([1, 2], 2, 1));
        Assert.Contains("expected a volume", Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["i.png"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_format_has_a_name_and_extensions_of_its_own()
    {
        Assert.Distinct(ImageFormats.All.Select(format => format.Name));
        Assert.Distinct(ImageFormats.All.SelectMany(format => format.Extensions));
        // A JSRT radiograph is known by its length besides; an .img file of another length is something else.
        Assert.All(ImageFormats.All.Where(format => format.Name != "jsrt"), format => Assert.NotEmpty(format.Extensions));
    }
}
