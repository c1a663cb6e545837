using Conjoint.TestSupport;

namespace Conjoint.Imaging.Tests.Formats.Dicom;

/// <summary>Single files: encodings, bits, colours, rescaling, frames.</summary>
public sealed class DicomFileTests : IDisposable
{
    private static readonly short[] Pixels = [-1000, -1, 0, 1, 255, 256, 3071, short.MaxValue, short.MinValue, 7, 8, 9];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DicomBytes.ImplicitLittleEndian, true)]
    [InlineData(DicomBytes.ExplicitLittleEndian, true)]
    [InlineData(DicomBytes.ExplicitBigEndian, true)]
    [InlineData(DicomBytes.Deflated, true)]
    [InlineData(DicomBytes.ImplicitLittleEndian, false)]
    [InlineData(DicomBytes.ExplicitLittleEndian, false)]
    [InlineData(DicomBytes.ExplicitBigEndian, false)]
    public void Signed_pixels_come_out_exactly_in_every_encoding(string syntax, bool hasMeta)
    {
        var slice = DicomBytes.Slice(Pixels, 4, [0, 0, 0], syntax: syntax);
        var file = hasMeta ? slice : WithoutMeta(syntax);
        var path = Save(file, hasMeta ? "a.dcm" : "a");
        var image = ImageFile.ReadImage(path);
        Assert.Equal((4, 3), (image.Width, image.Height));
        Assert.Equal(Pixels.Select(v => (float)v), image.Pixels);

        var entry = Assert.Single(Inspection.Inspect(path));
        Assert.Equal(("dicom", "int16", "LPS", "CT"), (entry.Format, entry.DType, entry.Orientation, entry.Modality));
        Assert.Equal([4, 3, 1], entry.Shape!);
        Assert.Equal([0.75, 0.5], entry.SpacingMm!);
        Assert.Equal((short.MinValue, short.MaxValue), (entry.Min!.Value, entry.Max!.Value));
        Assert.Equal(hasMeta ? 0 : 1, entry.Problems.Count);
    }

    [Fact]
    public void Sequences_of_either_length_are_passed_over_and_through()
    {
        foreach (var syntax in new[] { DicomBytes.ImplicitLittleEndian, DicomBytes.ExplicitLittleEndian, DicomBytes.ExplicitBigEndian })
        {
            foreach (var isUndefined in new[] { false, true })
            {
                var inner = new DicomBytes().Text(0x00080100, "SH", "code").Shorts(DicomBytes.PixelData, "OW", 1, 2);
                var path = Save(DicomBytes.Slice(Pixels, 4, [0, 0, 0], syntax: syntax)
                    .Sequence(0x00081140, isUndefined, inner, new DicomBytes().Sequence(0x00089215, !isUndefined, inner))
                    .Sequence(0x00283000, isUndefined, new DicomBytes().Shorts(0x00283002, "US", 3, 0, 16).Shorts(0x00283006, "OW", 100, 200, 60000)));
                // The modality LUT: stored values at and below 0, 1, 2 and above.
                Assert.Equal(new float[] { 100, 100, 100, 200, 60000, 60000, 60000, 60000, 100, 60000, 60000, 60000 }, ImageFile.ReadImage(path).Pixels);
            }
        }
    }

    [Fact]
    public void Slope_and_intercept_are_applied_in_double()
    {
        var path = Save(DicomBytes.Slice([0, 1, 2, 30000], 2, [0, 0, 0]).Text(0x00281053, "DS", "5.94901e-08").Text(0x00281052, "DS", "-1024"));
        var entry = Assert.Single(Inspection.Inspect(path));
        Assert.Equal(-1024, entry.Min);
        Assert.Equal(30000 * 5.94901e-08 - 1024, entry.Max!.Value, 1e-12);
        Assert.Equal(30003 * 5.94901e-08 / 4 - 1024, entry.Mean!.Value, 1e-12);
    }

    [Theory]
    [InlineData(12, 11, false, 0x0FFF, 4095)]
    [InlineData(12, 11, true, 0x0FFF, -1)]
    [InlineData(12, 11, true, 0xF7FF, 2047)] // bits above the high bit belong to overlays
    [InlineData(12, 15, true, 0x8000, -2048)]
    [InlineData(12, 15, false, 0x001F, 1)]
    [InlineData(16, 15, false, 0xFFFF, 65535)]
    public void Stored_bits_and_their_sign_are_taken(int stored, int high, bool isSigned, ushort bits, int expected)
    {
        var path = Save(new DicomBytes().Image(1, 1, 16, isSigned, stored: stored).Shorts(0x00280102, "US", (ushort)high).Shorts(DicomBytes.PixelData, "OW", bits));
        Assert.Equal(expected, ImageFile.ReadImage(path).Pixels[0]);
    }

    [Fact]
    public void Radiographs_with_low_values_bright_say_so_and_are_read_as_stored()
    {
        var file = new DicomBytes().Text(0x00080060, "CS", "DX").Image(2, 1, 16, photometric: "MONOCHROME1", stored: 10).Shorts(DicomBytes.PixelData, "OW", 0, 1000);
        var path = Save(file);
        var entry = Assert.Single(Inspection.Inspect(path));
        Assert.Equal((0.0, 1000.0), (entry.Min!.Value, entry.Max!.Value));
        Assert.Contains(entry.Problems, problem => problem.Contains("MONOCHROME1", StringComparison.Ordinal));
        Assert.Equal(new float[] { 0, 1000 }, ImageFile.ReadImage(path).Pixels);
        Assert.Equal(new float[] { 0, 1000 }, ImageFile.ReadLabels(path).Pixels);
        Assert.True(ImageFile.ReadHeader(path).IsInverted);

        // PET and CT values have a meaning of their own.
        Assert.False(ImageFile.ReadHeader(Save(file.Text(0x00080060, "CS", "PT"))).IsInverted);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Colours_are_read_as_luminance_in_either_plane_order(int planar)
    {
        byte[] pixels = planar == 0 ? [10, 20, 30, 200, 100, 0] : [10, 200, 20, 100, 30, 0];
        var path = Save(new DicomBytes().Image(2, 1, 8, samples: 3, photometric: "RGB").Shorts(0x00280006, "US", (ushort)planar).Bytes(DicomBytes.PixelData, "OB", pixels));
        var luminance = ImageFile.ReadImage(path).Pixels;
        Assert.Equal(0.299 * 10 + 0.587 * 20 + 0.114 * 30, luminance[0], 1e-4);
        Assert.Equal(0.299 * 200 + 0.587 * 100, luminance[1], 1e-4);
        Assert.Equal([2, 1, 1, 3], Assert.Single(Inspection.Inspect(path)).Shape!);
    }

    [Fact]
    public void Shared_colours_have_their_luminance_first()
    {
        var path = Save(new DicomBytes().Image(2, 1, 8, samples: 3, photometric: "YBR_FULL_422").Bytes(DicomBytes.PixelData, "OB", [50, 60, 128, 130]));
        Assert.Equal(new float[] { 50, 60 }, ImageFile.ReadImage(path).Pixels);
        Assert.Equal((50 + 60 + 2 * 128 + 2 * 130) / 6.0, Assert.Single(Inspection.Inspect(path)).Mean!.Value, 1e-9);
    }

    [Fact]
    public void A_palette_is_looked_up_for_images_and_left_alone_for_labels()
    {
        var file = new DicomBytes().Image(3, 1, 8, photometric: "PALETTE COLOR").Bytes(DicomBytes.PixelData, "OB", [0, 1, 2]);
        for (uint colour = 0; colour < 3; colour++)
            file.Shorts(0x00281101 + colour, "US", 3, 0, 16).Shorts(0x00281201 + colour, "OW", 100, 200, 300);
        var path = Save(file);
        Assert.Equal(new float[] { 100, 200, 300 }, ImageFile.ReadImage(path).Pixels);
        Assert.Equal(new float[] { 0, 1, 2 }, ImageFile.ReadLabels(path).Pixels);
    }

    [Fact]
    public void Frames_of_one_bit_follow_each_other_without_a_gap()
    {
        // Two frames of 3×3: 18 bits, the lowest bit first.
        var path = Save(new DicomBytes().Image(3, 3, 1).Numbers(0x00280008, "IS", 2).Bytes(DicomBytes.PixelData, "OB", [0b0000_0001, 0b0000_0011, 0b0000_0010]));
        var volume = ImageFile.ReadVolume(path);
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1], volume.Voxels.Select(v => (int)v));
    }

    [Fact]
    public void Frames_are_placed_by_their_offsets_and_turned_to_ras()
    {
        var path = Save(DicomBytes.Slice([1, 2, 3, 4, 5, 6], 2, [10, 20, 30]).Image(2, 1, 16, isSigned: true).Numbers(0x00280008, "IS", 3).Numbers(0x3004000C, "DS", 0, 2.5, 5));
        var header = ImageFile.ReadHeader(path);
        Assert.Equal([2, 1, 3], header.Shape);
        Assert.Equal([0.75, 0.5, 2.5], header.SpacingMm!);
        Assert.Equal((-10, -20, 30), header.Affine!.Apply(0, 0, 0));
        Assert.Equal((-10.75, -20, 35), header.Affine.Apply(1, 0, 2));
        Assert.Equal(4, ImageFile.ReadVolume(path)[1, 0, 1]);
    }

    [Fact]
    public void Frames_with_functional_groups_are_sorted_by_place_and_parted_by_time()
    {
        // Two times of two places, written in disorder; each frame has its own slope.
        (double Z, int Time, double Slope)[] frames = [(5, 1, 2), (0, 2, 3), (0, 1, 1), (5, 2, 10)];
        var file = new DicomBytes().Text(0x00080060, "CS", "MR").Image(1, 1, 16).Numbers(0x00280008, "IS", 4)
            .Shorts(DicomBytes.PixelData, "OW", 1, 2, 3, 4)
            .Sequence(0x52009229, true, new DicomBytes()
                .Sequence(0x00209116, false, new DicomBytes().Numbers(0x00200037, "DS", 1, 0, 0, 0, 1, 0))
                .Sequence(0x00289110, true, new DicomBytes().Numbers(0x00280030, "DS", 2, 3)))
            .Sequence(0x52009230, false, [.. frames.Select(frame => new DicomBytes()
                .Sequence(0x00209111, true, new DicomBytes().Bytes(0x00209128, "UL", BitConverter.GetBytes(frame.Time)))
                .Sequence(0x00209113, false, new DicomBytes().Numbers(0x00200032, "DS", 0, 0, frame.Z))
                .Sequence(0x00289145, false, new DicomBytes().Numbers(0x00281052, "DS", 0).Numbers(0x00281053, "DS", frame.Slope)))]);
        var path = Save(file);
        var header = ImageFile.ReadHeader(path);
        Assert.Equal([1, 1, 2, 2], header.Shape);
        Assert.Equal(2, header.Frames);
        Assert.Equal([3, 2, 5], header.SpacingMm!);
        Assert.Equal(new float[] { 3, 2 }, ImageFile.ReadVolume(path, 0).Voxels);
        Assert.Equal(new float[] { 6, 40 }, ImageFile.ReadVolume(path, 1).Voxels);
        Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(path, 2));
    }

    [Fact]
    public void Floating_point_pixels_are_read()
    {
        var path = Save(new DicomBytes().Shorts(0x00280010, "US", 1).Shorts(0x00280011, "US", 2)
            .Bytes(0x7FE00008, "OF", [.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-1e-9f)]));
        Assert.Equal([1.5f, -1e-9f], ImageFile.ReadImage(path).Pixels);
        Assert.Equal("float32", ImageFile.ReadHeader(path).DType);
    }

    private static DicomBytes WithoutMeta(string syntax)
    {
        var file = new DicomBytes { Syntax = syntax, HasMeta = false };
        return file.Text(0x00080008, "CS", "ORIGINAL").Text(0x00080060, "CS", "CT").Numbers(0x00200032, "DS", 0, 0, 0).Numbers(0x00200037, "DS", 1, 0, 0, 0, 1, 0)
            .Numbers(0x00280030, "DS", 0.5, 0.75).Image(4, 3, 16, isSigned: true).Shorts(DicomBytes.PixelData, "OW", [.. Pixels.Select(v => (ushort)v)]);
    }

    private string Save(DicomBytes file, string name = "a.dcm")
    {
        file.Save(_folder[name]);
        return _folder[name];
    }
}
