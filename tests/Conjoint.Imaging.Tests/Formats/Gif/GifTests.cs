using Conjoint.TestSupport;

namespace Conjoint.Imaging.Tests.Formats.Gif;

/// <summary>GIF files, as SCR's masks come.</summary>
public sealed class GifTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A GIF of grey levels 2·index, with eight-bit codes that stand for one pixel each.</summary>
    private static byte[] Encode(int width, int height, Func<int, byte> index)
    {
        const byte clear = 128, end = 129, codeBits = 7;
        var codes = new List<byte>();
        for (var i = 0; i < width * height; i++)
        {
            if (i % 100 == 0)
                codes.Add(clear);       // before the table of codes grows to nine bits
            codes.Add(index(i));
        }

        codes.Add(end);
        List<byte> bytes =
        [
            .. "GIF89a"u8, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0xF6, 0, 0,
            .. Enumerable.Range(0, 128).SelectMany(i => Enumerable.Repeat((byte)(2 * i), 3)),
            0x2C, 0, 0, 0, 0, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0, codeBits,
        ];
        foreach (var block in codes.Chunk(255))
            bytes.AddRange([(byte)block.Length, .. block]);
        return [.. bytes, 0, 0x3B];
    }

    private string Write(byte[] bytes, string name = "a.gif")
    {
        File.WriteAllBytes(_folder[name], bytes);
        return _folder[name];
    }

    [Fact]
    public void Pixels_are_the_greys_of_the_palette()
    {
        var path = Write(Encode(13, 11, i => (byte)(i % 128)), "masked.bin");
        var header = ImageFile.ReadHeader(path);
        Assert.Equal(("gif", 13, 11, false), (header.Format, header.Shape[0], header.Shape[1], header.IsVolume));
        var image = ImageFile.ReadImage(path);
        Assert.Equal(Enumerable.Range(0, 143).Select(i => 2f * (i % 128)), image.Pixels.Select(p => MathF.Round(p)));
    }

    [Fact]
    public void Damaged_files_are_told()
    {
        var whole = Encode(13, 11, i => (byte)(i % 128));
        Assert.Contains("is no GIF file", Assert.Throws<InputDataException>(() => ImageFile.ReadHeader(Write(whole[..8]))).Message, StringComparison.Ordinal);
        Assert.Throws<InputDataException>(() => ImageFile.ReadImage(Write(whole[..(whole.Length - 60)])));
        byte[] huge = [.. whole];
        (huge[6], huge[7], huge[8], huge[9]) = (0xFF, 0xFF, 0xFF, 0xFF);
        Assert.Throws<InputDataException>(() => ImageFile.ReadHeader(Write(huge)));
        byte[] empty = [.. whole];
        (empty[6], empty[7]) = (0, 0);
        Assert.Contains("declares 0×11 pixels", Assert.Throws<InputDataException>(() => ImageFile.ReadHeader(Write(empty))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_behind_the_signature_give_an_image_or_an_error_of_ours()
    {
        var random = new Random(7);
        var whole = Encode(13, 11, i => (byte)(i % 128));
        for (var n = 0; n < 300; n++)
        {
            byte[] bytes = [.. whole];
            for (var k = 0; k < 4; k++)
                bytes[6 + random.Next(bytes.Length - 6)] = (byte)random.Next(256);
            try
            {
                ImageFile.ReadImage(Write(bytes));
            }
            catch (InputDataException)
            {
                // told
            }
        }
    }
}
