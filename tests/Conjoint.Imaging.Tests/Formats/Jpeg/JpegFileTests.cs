using Conjoint.TestSupport;
using SkiaSharp;

namespace Conjoint.Imaging.Tests.Formats.Jpeg;

public sealed class JpegFileTests : IDisposable
{
    private const int Width = 40;
    private const int Height = 24;

    // At quality 100 the quantisation steps are 1; what is left is rounding of the transforms.
    private const double Rounding = 2;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Grey_is_read_as_stored()
    {
        File.WriteAllBytes(_folder["g.jpg"], Grey());
        var image = ImageFile.ReadImage(_folder["g.jpg"]);
        Assert.Equal((Width, Height), (image.Width, image.Height));
        for (var i = 0; i < image.Pixels.Length; i++)
            Assert.Equal(Shade(i % Width, i / Width), image.Pixels[i], Rounding);

        var header = ImageFile.ReadHeader(_folder["g.jpg"]);
        Assert.Equal("jpeg", header.Format);
        Assert.Equal([Width, Height, 1], header.Shape);
        Assert.Equal("uint8", header.DType);
        Assert.False(header.IsVolume);
    }

    [Fact]
    public void Colour_is_read_as_luminance()
    {
        using var bitmap = new SKBitmap(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Erase(new SKColor(200, 100, 50));
        File.WriteAllBytes(_folder["c.jpg"], Encode(bitmap));
        Assert.All(ImageFile.ReadImage(_folder["c.jpg"]).Pixels, value => Assert.Equal(0.299 * 200 + 0.587 * 100 + 0.114 * 50, value, Rounding));

        var entry = Assert.Single(Inspection.Inspect(_folder["c.jpg"]));
        Assert.Equal([Width, Height, 1, 3], entry.Shape!);
        Assert.Equal((50.0, 200.0), (entry.Min!.Value, entry.Max!.Value), new WithinRounding());
    }

    [Fact]
    public void A_truncated_file_is_told_as_such()
    {
        File.WriteAllBytes(_folder["t.jpg"], Grey()[..^100]);
        Assert.Contains("truncated", Assert.Throws<InputDataException>(() => ImageFile.ReadImage(_folder["t.jpg"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_that_the_bytes_cannot_hold_is_refused_before_memory_is_taken()
    {
        var bytes = Grey();
        var frame = bytes.AsSpan().IndexOf(new byte[] { 0xFF, 0xC0 });
        (bytes[frame + 5], bytes[frame + 7]) = (0x3F, 0x3F);
        FaultInjection.ReadAll(_folder["bomb.jpg"], bytes, "a false size");
        Assert.Contains("can't hold", Assert.Throws<InputDataException>(() => ImageFile.ReadHeader(_folder["bomb.jpg"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0xC3, "process 3")] // lossless
    [InlineData(4, 12, "12 bits")]
    public void Kinds_that_cannot_be_decoded_are_named(int offset, byte value, string reason)
    {
        var bytes = Grey();
        bytes[bytes.AsSpan().IndexOf(new byte[] { 0xFF, 0xC0 }) + offset] = value;
        File.WriteAllBytes(_folder["k.jpg"], bytes);
        Assert.Contains(reason, Assert.Throws<InputDataException>(() => ImageFile.ReadImage(_folder["k.jpg"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_give_a_result_or_a_reason()
    {
        var bytes = Grey();
        // Without its last two bytes, the end-of-image marker, a JPEG file is complete for any decoder.
        FaultInjection.EveryPrefix(bytes, ".jpg", isRefused: false);
        FaultInjection.BitFlips(bytes, ".jpg", headerBytes: 180);
    }

    /// <summary>Exif 2.32, table 12: at which side of the upright picture row 0 and column 0 of the stored one are.</summary>
    [Theory]
    [InlineData(1, "top", "left")]
    [InlineData(2, "top", "right")]
    [InlineData(3, "bottom", "right")]
    [InlineData(4, "bottom", "left")]
    [InlineData(5, "left", "top")]
    [InlineData(6, "right", "top")]
    [InlineData(7, "right", "bottom")]
    [InlineData(8, "left", "bottom")]
    public void A_picture_is_turned_upright_as_its_camera_says(int orientation, string row0, string column0)
    {
        foreach (var isBig in new[] { false, true })
        {
            File.WriteAllBytes(_folder["e.jpg"], WithOrientation(Grey(), (byte)orientation, isBig));
            var upright = ImageFile.ReadImage(_folder["e.jpg"]);
            Assert.Equal(orientation < 5 ? (Width, Height) : (Height, Width), (upright.Width, upright.Height));
            Assert.Equal([upright.Width, upright.Height, 1], ImageFile.ReadHeader(_folder["e.jpg"]).Shape);
            Assert.Equal(orientation > 1, ImageFile.ReadHeader(_folder["e.jpg"]).Problems.Any(p => p.Contains($"orientation {orientation}", StringComparison.Ordinal)));
            for (var i = 0; i < upright.Pixels.Length; i++)
            {
                var (x, y) = (i % upright.Width, i / upright.Width);
                int From(string side) => side switch { "top" => y, "bottom" => upright.Height - 1 - y, "left" => x, _ => upright.Width - 1 - x };
                Assert.Equal(Shade(From(column0), From(row0)), upright.Pixels[i], Rounding);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void An_orientation_that_is_none_changes_nothing(byte orientation)
    {
        File.WriteAllBytes(_folder["n.jpg"], WithOrientation(Grey(), orientation, isBig: false));
        Assert.Equal([Width, Height, 1], ImageFile.ReadHeader(_folder["n.jpg"]).Shape);
        Assert.Empty(ImageFile.ReadHeader(_folder["n.jpg"]).Problems);
    }

    [Fact]
    public void Damaged_orientation_tags_give_a_result_or_a_reason()
    {
        FaultInjection.BitFlips(WithOrientation(Grey(), 6, isBig: true), ".jpg", headerBytes: 60);
    }

    /// <summary>An APP1 segment behind the first marker, with a directory of one entry.</summary>
    private static byte[] WithOrientation(byte[] jpeg, byte orientation, bool isBig)
    {
        byte[] tiff = isBig
            ? [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
            : [(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(8 + tiff.Length), .. "Exif\0\0"u8, .. tiff, .. jpeg[2..]];
    }

    private static int Shade(int x, int y) => 20 + 4 * x + 2 * y;

    private static byte[] Grey()
    {
        using var bitmap = new SKBitmap(Width, Height, SKColorType.Gray8, SKAlphaType.Opaque);
        var pixels = bitmap.GetPixelSpan();
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
                pixels[y * bitmap.RowBytes + x] = (byte)Shade(x, y);
        }

        return Encode(bitmap);
    }

    private static byte[] Encode(SKBitmap bitmap)
    {
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 100);
        return data.ToArray();
    }

    private sealed class WithinRounding : IEqualityComparer<(double A, double B)>
    {
        public bool Equals((double A, double B) x, (double A, double B) y) => Math.Abs(x.A - y.A) <= Rounding && Math.Abs(x.B - y.B) <= Rounding;

        public int GetHashCode((double A, double B) obj) => 0;
    }
}
