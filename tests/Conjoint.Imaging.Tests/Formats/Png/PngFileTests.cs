using System.IO.Compression;
using Conjoint.TestSupport;
using FsCheck.Xunit;

namespace Conjoint.Imaging.Tests.Formats.Png;

public sealed class PngFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<int, int, bool> ColoursAndDepths()
    {
        var rows = new TheoryData<int, int, bool>();
        foreach (var (colour, depths) in new[] { (0, new[] { 1, 2, 4, 8, 16 }), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]) })
        {
            foreach (var depth in depths)
            {
                rows.Add(colour, depth, false);
                rows.Add(colour, depth, true);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(ColoursAndDepths))]
    public void Every_colour_type_and_depth_is_decoded(int colour, int depth, bool interlaced)
    {
        var random = new Random(colour * 100 + depth);
        for (var trial = 0; trial < 12; trial++)
        {
            int width = random.Next(1, 40), height = random.Next(1, 20);
            var perPixel = colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
            var samples = Enumerable.Range(0, width * height * perPixel).Select(_ => random.Next(1 << depth)).ToArray();
            var palette = new byte[3 << Math.Min(depth, 8)];
            random.NextBytes(palette);
            File.WriteAllBytes(_folder["x.png"], ReferencePng.Encode(samples, width, height, depth, colour, interlaced, colour == 3 ? palette : null));

            var image = ImageFile.ReadImage(_folder["x.png"]);
            Assert.Equal((width, height), (image.Width, image.Height));
            for (var i = 0; i < width * height; i++)
            {
                var expected = colour switch
                {
                    2 or 6 => Grey(samples[i * perPixel], samples[i * perPixel + 1], samples[i * perPixel + 2]),
                    3 => Grey(palette[3 * samples[i]], palette[3 * samples[i] + 1], palette[3 * samples[i] + 2]),
                    _ => samples[i * perPixel],
                };
                Assert.Equal(expected, image.Pixels[i], 1e-6 * (1 << depth) + 1e-4);
            }

            var entry = Assert.Single(Inspection.Inspect(_folder["x.png"]));
            Assert.Equal((samples.Min(), samples.Max()), (entry.Min, entry.Max));
            Assert.Equal(samples.Average(), entry.Mean!.Value, 1e-9);
            Assert.Equal(perPixel == 1 ? [width, height, 1] : [width, height, 1, perPixel], entry.Shape!);
            if (colour == 3)
                Assert.Equal(samples.Select(index => (float)index), ImageFile.ReadLabels(_folder["x.png"]).Pixels);
        }
    }

    [Property(MaxTest = 60)]
    public void What_is_written_is_read_again(int seed)
    {
        var random = new Random(seed);
        foreach (var bits in new[] { 8, 16 })
        {
            int width = random.Next(1, 60), height = random.Next(1, 60);
            var pixels = Enumerable.Range(0, width * height).Select(i => (float)((i * 7 + random.Next(9)) % (1 << bits))).ToArray();
            PngFile.Write(_folder["w.png"], new Image(pixels, width, height), bits);
            var read = ImageFile.ReadImage(_folder["w.png"]);
            Assert.Equal((width, height), (read.Width, read.Height));
            Assert.Equal(pixels, read.Pixels);
            Assert.Equal(bits == 8 ? "uint8" : "uint16", ImageFile.ReadHeader(_folder["w.png"]).DType);
        }
    }

    [Fact]
    public void Colours_of_equal_parts_are_read_as_exactly_that_grey()
    {
        var grey = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        File.WriteAllBytes(_folder["c.png"], PngFile.EncodeRgb([.. grey.SelectMany(g => new[] { g, g, g })], 16, 16));
        Assert.Equal(grey.Select(g => (float)g), ImageFile.ReadImage(_folder["c.png"]).Pixels);
        File.WriteAllBytes(_folder["g.png"], PngFile.EncodeGrey(grey, 16, 16));
        Assert.Equal(grey.Select(g => (float)g), ImageFile.ReadImage(_folder["g.png"]).Pixels);
    }

    [Fact]
    public void Paeth_chooses_as_the_specification_s_formula_for_every_corner_and_up()
    {
        // Rows of two bytes: the first makes the left neighbour, the second shows what is predicted from it.
        var above = new byte[2];
        var row = new byte[2];
        for (var corner = 0; corner < 256; corner++)
        {
            for (var up = 0; up < 256; up++)
            {
                for (var left = 0; left < 256; left += 5)
                {
                    (above[0], above[1]) = ((byte)corner, (byte)up);
                    // The first byte's prediction is what is above it.
                    (row[0], row[1]) = ((byte)(left - corner), 0);
                    PngFilter.Undo(PngFilter.Paeth, row, above, 1);
                    if (row[1] != ReferencePng.Paeth(left, up, corner))
                        Assert.Fail($"left {left}, up {up}, corner {corner}: {row[1]}");
                }
            }
        }
    }

    [Theory]
    [InlineData(256f, 8)]
    [InlineData(-1f, 8)]
    [InlineData(65536f, 16)]
    [InlineData(float.NaN, 16)]
    [InlineData(0f, 12)]
    public void Values_that_do_not_fit_are_refused(float value, int bits) =>
        Assert.ThrowsAny<ArgumentException>(() => PngFile.Encode(new Image([value], 1, 1), bits));

    [Fact]
    public void A_wrong_checksum_is_told_with_its_chunk()
    {
        var bytes = PngFile.EncodeGrey(new byte[64], 8, 8);
        bytes[8 + 25 + 8 + 4] ^= 1; // inside IDAT
        File.WriteAllBytes(_folder["c.png"], bytes);
        Assert.Contains("checksum of chunk IDAT", Assert.Throws<InputDataException>(() => ImageFile.ReadImage(_folder["c.png"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 8, 3, "type 0 with 3 bits")]
    [InlineData(3, 8, 16, "type 3 with 16 bits")]
    [InlineData(5, 8, 8, "type 5 with 8 bits")]
    public void Headers_outside_the_specification_are_refused(byte colour, int width, byte depth, string reason)
    {
        byte[] header = [0, 0, 0, (byte)width, 0, 0, 0, 1, depth, colour, 0, 0, 0];
        File.WriteAllBytes(_folder["h.png"], [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', .. ReferencePng.Chunk("IHDR", header), .. ReferencePng.Chunk("IEND", [])]);
        Assert.Contains(reason, Assert.Throws<InputDataException>(() => ImageFile.ReadHeader(_folder["h.png"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_that_the_compressed_bytes_cannot_hold_is_refused_before_memory_is_taken()
    {
        byte[] header = [0, 0, 0x3F, 0xFF, 0, 0, 0x3F, 0xFF, 8, 0, 0, 0, 0];
        var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(new byte[100_000]);
        byte[] file = [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', .. ReferencePng.Chunk("IHDR", header), .. ReferencePng.Chunk("IDAT", data.ToArray()), .. ReferencePng.Chunk("IEND", [])];
        FaultInjection.ReadAll(_folder["bomb.png"], file, "a false size");
        Assert.Contains("can't hold", Assert.Throws<InputDataException>(() => ImageFile.ReadImage(_folder["bomb.png"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 8, false)]
    [InlineData(2, 16, true)]
    [InlineData(3, 4, false)]
    public void Damaged_files_give_a_result_or_a_reason(int colour, int depth, bool interlaced)
    {
        var random = new Random(2);
        var samples = Enumerable.Range(0, 12 * 9 * (colour == 2 ? 3 : 1)).Select(_ => random.Next(1 << depth)).ToArray();
        var bytes = ReferencePng.Encode(samples, 12, 9, depth, colour, interlaced, colour == 3 ? new byte[48] : null);
        FaultInjection.EveryPrefix(bytes, ".png");
        FaultInjection.BitFlips(bytes, ".png", headerBytes: 40);
        FaultInjection.BitFlips(bytes, ".png", headerBytes: 60, repair: ReferencePng.Repair);
    }

    private static double Grey(double red, double green, double blue) => 0.299 * red + 0.587 * green + 0.114 * blue;
}
