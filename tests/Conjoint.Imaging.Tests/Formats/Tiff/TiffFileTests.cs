using Conjoint.TestSupport;
using FsCheck.Xunit;

namespace Conjoint.Imaging.Tests.Formats.Tiff;

public sealed class TiffFileTests : IDisposable
{
    private static readonly ElementType[] Types =
        [ElementType.UInt8, ElementType.Int8, ElementType.UInt16, ElementType.Int16, ElementType.UInt32, ElementType.Int32, ElementType.Float32, ElementType.Float64];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Property(MaxTest = 40)]
    public void Every_type_order_packing_and_layout_is_read(int seed)
    {
        var random = new Random(seed);
        foreach (var type in Types)
        {
            foreach (var compression in new[] { 1, 5, 8, 32946, 32773 })
            {
                int width = random.Next(1, 30), height = random.Next(1, 20);
                var values = Smooth(random, width * height, type);
                var isFloat = type is ElementType.Float32 or ElementType.Float64;
                var tiff = new ReferenceTiff(bigEndian: random.Next(2) == 0, isBig: random.Next(2) == 0)
                {
                    Compression = compression,
                    Predictor = compression is 1 or 32773 || random.Next(2) == 0 ? 1 : isFloat ? 3 : 2,
                    IsTiled = random.Next(2) == 0,
                    Chunk = random.Next(1, 17),
                }.Page(values, width, height, type);
                File.WriteAllBytes(_folder["a.tif"], tiff.Bytes);
                var image = ImageFile.ReadImage(_folder["a.tif"]);
                Assert.Equal((width, height), (image.Width, image.Height));
                Assert.Equal(values, image.Pixels);
                var entry = Assert.Single(Inspection.Inspect(_folder["a.tif"]));
                Assert.Equal((type.Name(), values.Min(), values.Max()), (entry.DType, (float)entry.Min!, (float)entry.Max!));
            }
        }
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void Colours_are_read_as_luminance(bool isPlanar, int predictor)
    {
        var tiff = new ReferenceTiff(bigEndian: true) { Photometric = 2, IsPlanar = isPlanar, Compression = 5, Predictor = predictor };
        File.WriteAllBytes(_folder["c.tif"], tiff.Page([1000, 0, 0, 700, 700, 700, 0, 1000, 0, 0, 0, 1000], 2, 2, ElementType.UInt16, samples: 3).Bytes);
        Assert.Equal([299, 700, 587, 114], ImageFile.ReadImage(_folder["c.tif"]).Pixels, (a, b) => Math.Abs(a - b) < 1e-3);
        Assert.Equal([2, 2, 1, 3], ImageFile.ReadHeader(_folder["c.tif"]).Shape);
        Assert.Equal((0, 1000), (Inspection.Inspect(_folder["c.tif"])[0].Min, Inspection.Inspect(_folder["c.tif"])[0].Max));
    }

    // 0 1 2 over 3 4 5 as stored; what the tag's eight values make of it by TIFF 6.0.
    [Theory]
    [InlineData(1, 3, new float[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(2, 3, new float[] { 2, 1, 0, 5, 4, 3 })]
    [InlineData(3, 3, new float[] { 5, 4, 3, 2, 1, 0 })]
    [InlineData(4, 3, new float[] { 3, 4, 5, 0, 1, 2 })]
    [InlineData(5, 2, new float[] { 0, 3, 1, 4, 2, 5 })]
    [InlineData(6, 2, new float[] { 3, 0, 4, 1, 5, 2 })]
    [InlineData(7, 2, new float[] { 5, 2, 4, 1, 3, 0 })]
    [InlineData(8, 2, new float[] { 2, 5, 1, 4, 0, 3 })]
    [InlineData(9, 3, new float[] { 0, 1, 2, 3, 4, 5 })]
    public void A_page_is_turned_upright_as_its_tag_says(int orientation, int width, float[] upright)
    {
        float[] stored = [0, 1, 2, 3, 4, 5];
        var page = new ReferenceTiff { Orientation = orientation }.Page(stored, 3, 2, ElementType.UInt16);
        File.WriteAllBytes(_folder["o.tif"], page.Bytes);
        var image = ImageFile.ReadImage(_folder["o.tif"]);
        Assert.Equal((width, 6 / width), (image.Width, image.Height));
        Assert.Equal(upright, image.Pixels);
        var header = ImageFile.ReadHeader(_folder["o.tif"]);
        Assert.Equal([width, 6 / width, 1], header.Shape);
        Assert.Equal(orientation is > 1 and < 9, header.Problems.Any(p => p.Contains($"orientation {orientation}", StringComparison.Ordinal)));

        File.WriteAllBytes(_folder["s.tif"], page.Page(stored, 3, 2, ElementType.UInt16).Bytes);
        var stack = ImageFile.ReadVolume(_folder["s.tif"]);
        Assert.Equal((width, 6 / width, 2), (stack.SizeX, stack.SizeY, stack.SizeZ));
        Assert.Equal([.. upright, .. upright], stack.Voxels);

        page.Orientation = 1;
        File.WriteAllBytes(_folder["m.tif"], page.Page(stored, 3, 2, ElementType.UInt16).Bytes);
        Assert.Equal(orientation is > 1 and < 9, !ImageFile.ReadHeader(_folder["m.tif"]).IsVolume);
    }

    [Fact]
    public void A_palette_s_indices_are_turned_as_its_colours_are()
    {
        var grey = Enumerable.Range(0, 256).Select(i => 257L * i).ToArray();
        var tiff = new ReferenceTiff { Photometric = 3, Orientation = 6, Palette = [.. grey, .. grey, .. grey] }.Page([0, 1, 2, 3, 4, 5], 3, 2, ElementType.UInt8);
        File.WriteAllBytes(_folder["p.tif"], tiff.Bytes);
        Assert.Equal([3, 0, 4, 1, 5, 2], ImageFile.ReadLabels(_folder["p.tif"]).Pixels);
        Assert.Equal([3, 0, 4, 1, 5, 2], ImageFile.ReadImage(_folder["p.tif"]).Pixels, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void A_long_LZW_string_fills_and_clears_its_table()
    {
        var values = Smooth(new Random(2), 200 * 200, ElementType.UInt16);
        File.WriteAllBytes(_folder["l.tif"], new ReferenceTiff { Compression = 5, Chunk = 200 }.Page(values, 200, 200, ElementType.UInt16).Bytes);
        Assert.Equal(values, ImageFile.ReadImage(_folder["l.tif"]).Pixels);

        var constant = new float[300 * 300];
        File.WriteAllBytes(_folder["k.tif"], new ReferenceTiff { Compression = 5, Chunk = 300 }.Page(constant, 300, 300, ElementType.UInt8).Bytes);
        Assert.Equal(constant, ImageFile.ReadImage(_folder["k.tif"]).Pixels);
    }

    [Fact]
    public void Pages_of_one_kind_are_a_stack_without_previews()
    {
        var random = new Random(1);
        var pages = Enumerable.Range(0, 3).Select(_ => Smooth(random, 20, ElementType.UInt16)).ToArray();
        var tiff = new ReferenceTiff { Compression = 8 };
        tiff.Page(pages[0], 5, 4, ElementType.UInt16).Page([1, 2], 2, 1, ElementType.UInt8, subfile: 1);
        tiff.Page(pages[1], 5, 4, ElementType.UInt16).Page(pages[2], 5, 4, ElementType.UInt16);
        File.WriteAllBytes(_folder["s.tif"], tiff.Bytes);
        var header = ImageFile.ReadHeader(_folder["s.tif"]);
        Assert.Equal([5, 4, 3], header.Shape);
        Assert.True(header.IsVolume);
        Assert.Equal(pages.SelectMany(p => p), ImageFile.ReadVolume(_folder["s.tif"]).Voxels);
        Assert.Contains("stack of 3 pages", Assert.Throws<InputDataException>(() => ImageFile.ReadImage(_folder["s.tif"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_pages_of_different_kinds_the_first_is_read()
    {
        var tiff = new ReferenceTiff().Page([1, 2], 2, 1, ElementType.UInt8).Page([3], 1, 1, ElementType.UInt8);
        File.WriteAllBytes(_folder["m.tif"], tiff.Bytes);
        Assert.Equal([1, 2], ImageFile.ReadImage(_folder["m.tif"]).Pixels);
        Assert.Contains("2 pages of different kinds", Assert.Single(ImageFile.ReadHeader(_folder["m.tif"]).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void White_as_zero_is_read_as_stored_and_told()
    {
        File.WriteAllBytes(_folder["w.tif"], new ReferenceTiff { Photometric = 0 }.Page([0, 9], 2, 1, ElementType.UInt8).Bytes);
        Assert.Equal([0, 9], ImageFile.ReadImage(_folder["w.tif"]).Pixels);
        Assert.True(ImageFile.ReadHeader(_folder["w.tif"]).IsInverted);
    }

    [Fact]
    public void A_palette_is_looked_up_for_pixels_but_not_for_labels()
    {
        var palette = new long[768];
        (palette[2], palette[256 + 2], palette[512 + 2]) = (65535, 65535, 65535);
        File.WriteAllBytes(_folder["p.tif"], new ReferenceTiff { Photometric = 3, Palette = palette }.Page([0, 2], 2, 1, ElementType.UInt8).Bytes);
        Assert.Equal([0, 255], ImageFile.ReadImage(_folder["p.tif"]).Pixels);
        Assert.Equal([0, 2], ImageFile.ReadLabels(_folder["p.tif"]).Pixels);
    }

    [Fact]
    public void A_DICOM_file_with_a_TIFF_header_before_it_is_no_TIFF()
    {
        var bytes = new byte[400];
        "II*\0"u8.CopyTo(bytes);
        "DICM"u8.CopyTo(bytes.AsSpan(128));
        File.WriteAllBytes(_folder["d"], bytes);
        Assert.NotEqual("tiff", ImageFile.Identify(_folder["d"])?.Name);
    }

    [Theory]
    [InlineData(7, 1, "JPEG")]
    [InlineData(4, 1, "fax")]
    [InlineData(1, 6, "kind 6")]
    public void Packings_and_colours_that_are_not_read_are_named(int compression, int photometric, string reason)
    {
        File.WriteAllBytes(_folder["x.tif"], new ReferenceTiff { Compression = compression, Photometric = photometric }.Page([1], 1, 1, ElementType.UInt8).Bytes);
        Assert.Contains(reason, Assert.Throws<InputDataException>(() => ImageFile.ReadHeader(_folder["x.tif"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_in_a_circle_end()
    {
        var bytes = new ReferenceTiff().Page([1], 1, 1, ElementType.UInt8).Bytes;
        bytes.AsSpan(4, 4).CopyTo(bytes.AsSpan(bytes.Length - 4)); // the only page is its own successor
        File.WriteAllBytes(_folder["o.tif"], bytes);
        Assert.Contains("circle", Assert.Throws<InputDataException>(() => ImageFile.ReadHeader(_folder["o.tif"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(5, false, true)]
    [InlineData(8, true, false)]
    [InlineData(32773, true, true)]
    public void Damaged_files_give_a_result_or_a_reason(int compression, bool isTiled, bool isBig)
    {
        var random = new Random(5);
        var tiff = new ReferenceTiff(bigEndian: isTiled, isBig) { Compression = compression, IsTiled = isTiled, Chunk = 16, Predictor = compression is 5 or 8 ? 2 : 1 };
        tiff.Page(Smooth(random, 33 * 20, ElementType.UInt16), 33, 20, ElementType.UInt16);
        tiff.Page(Smooth(random, 33 * 20, ElementType.UInt16), 33, 20, ElementType.UInt16);
        FaultInjection.EveryPrefix(tiff.Bytes, ".tif");
        FaultInjection.BitFlips(tiff.Bytes, ".tif", headerBytes: 16);

        // The tags of the last page stand at the end.
        using var folder = new TemporaryFolder();
        for (var bit = 0; bit < 320 * 8; bit++)
        {
            var bytes = tiff.Bytes;
            bytes[bytes.Length - 1 - bit / 8] ^= (byte)(1 << bit % 8);
            FaultInjection.ReadAll(folder["flipped.tif"], bytes, $"bit {bit} from the end");
        }
    }

    private static float[] Smooth(Random random, int count, ElementType type)
    {
        // Runs and slopes as well as noise, so that packing has something to find.
        var values = StoredValues.Random(random, count, type);
        for (var i = 1; i < count; i++)
        {
            if (random.Next(3) > 0)
                values[i] = values[i - 1];
        }

        return values;
    }
}
