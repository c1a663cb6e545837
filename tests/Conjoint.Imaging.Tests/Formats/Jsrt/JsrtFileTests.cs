using System.Buffers.Binary;
using Conjoint.TestSupport;

namespace Conjoint.Imaging.Tests.Formats.Jsrt;

public sealed class JsrtFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_radiograph_is_known_by_name_and_length_and_read_as_stored()
    {
        var bytes = new byte[2 * 2048 * 2048];
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * (5 * 2048 + 7)), 4095);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * (2048 * 2048 - 1)), 258);
        File.WriteAllBytes(_folder["JPCLN001.IMG"], bytes);
        var header = ImageFile.ReadHeader(_folder["JPCLN001.IMG"]);
        Assert.Equal("jsrt", header.Format);
        Assert.Equal([2048, 2048, 1], header.Shape);
        Assert.Equal([0.175, 0.175, 1], header.SpacingMm);
        Assert.True(header.IsInverted);
        var image = ImageFile.ReadImage(_folder["JPCLN001.IMG"]);
        Assert.Equal((4095, 258, 0), (image.Pixels[5 * 2048 + 7], image.Pixels[^1], image.Pixels[0]));
        Assert.Equal(4095, Assert.Single(Inspection.Inspect(_folder["JPCLN001.IMG"])).Max);

        // The voxels of a pair are none, whatever their length.
        File.WriteAllText(_folder["JPCLN001.hdr"], "");
        Assert.Contains("name its header", Assert.Throws<InputDataException>(() => ImageFile.ReadImage(_folder["JPCLN001.IMG"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_lengths_and_more_than_12_bits_are_refused()
    {
        File.WriteAllBytes(_folder["a.img"], new byte[1000]);
        Assert.Contains("no known format", Assert.Throws<InputDataException>(() => ImageFile.ReadImage(_folder["a.img"])).Message, StringComparison.Ordinal);
        var bytes = new byte[2 * 2048 * 2048];
        bytes[100] = 0x10; // low bytes first, or another camera
        File.WriteAllBytes(_folder["b.img"], bytes);
        Assert.Contains("4096 among 12-bit", Assert.Throws<InputDataException>(() => ImageFile.ReadImage(_folder["b.img"])).Message, StringComparison.Ordinal);
    }
}
