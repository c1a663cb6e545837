using System.IO.Compression;
using Conjoint.TestSupport;
using FsCheck.Xunit;

namespace Conjoint.Imaging.Tests.Formats.Nifti;

public sealed class NiftiFileTests : IDisposable
{
    private static readonly (NiftiDataType Type, float Min, float Max)[] Types =
    [
        (NiftiDataType.UInt8, 0, 255), (NiftiDataType.Int8, -128, 127), (NiftiDataType.Int16, -32768, 32767),
        (NiftiDataType.UInt16, 0, 65535), (NiftiDataType.Int32, -1e6f, 1e6f), (NiftiDataType.UInt32, 0, 1e6f),
        (NiftiDataType.Int64, -1e6f, 1e6f), (NiftiDataType.UInt64, 0, 1e6f), (NiftiDataType.Float32, -1e6f, 1e6f),
        (NiftiDataType.Float64, -1e6f, 1e6f),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Property(MaxTest = 30)]
    public void What_is_written_is_read_again(int seed)
    {
        var random = new Random(seed);
        foreach (var (type, min, max) in Types)
        {
            var volume = RandomVolume(random, min, max);
            foreach (var name in new[] { "a.nii", "a.nii.gz" })
            {
                NiftiFile.Write(_folder[name], volume, type, version: 2);
                var read = ImageFile.ReadVolume(_folder[name]);
                Assert.Equal(volume.Voxels, read.Voxels);
                Assert.Equal((volume.SizeX, volume.SizeY, volume.SizeZ), (read.SizeX, read.SizeY, read.SizeZ));
                Assert.Equal(volume.Affine, read.Affine);
            }

            // Version 1 keeps the geometry in single precision.
            NiftiFile.Write(_folder["b.nii"], volume, type);
            var single = ImageFile.ReadVolume(_folder["b.nii"]);
            Assert.Equal(volume.Voxels, single.Voxels);
            for (var r = 0; r < 3; r++)
            {
                for (var c = 0; c < 4; c++)
                    Assert.Equal((float)volume.Affine[r, c], single.Affine[r, c]);
            }
        }
    }

    [Fact]
    public void The_header_says_what_was_written()
    {
        var affine = new Affine(new[,] { { -2.0, 0, 0, 5 }, { 0, -3, 0, 6 }, { 0, 0, 4, 7 } });
        NiftiFile.Write(_folder["h.nii.gz"], new Volume(new float[24], 2, 3, 4, affine), NiftiDataType.Int16);
        var header = ImageFile.ReadHeader(_folder["h.nii.gz"]);
        Assert.Equal("nifti", header.Format);
        Assert.Equal([2, 3, 4], header.Shape);
        Assert.Equal([2, 3, 4], header.SpacingMm);
        Assert.Equal("LPS", header.Orientation);
        Assert.Equal("int16", header.DType);
        Assert.True(header.IsVolume);
        Assert.Empty(header.Problems);
    }

    [Fact]
    public void A_size_beyond_version_1_takes_version_2()
    {
        NiftiFile.Write(_folder["long.nii"], new Volume(new float[40000], 40000, 1, 1, Affine.Identity), NiftiDataType.UInt8);
        Assert.Equal(40000, ImageFile.ReadVolume(_folder["long.nii"]).SizeX);
    }

    [Theory]
    [InlineData(NiftiDataType.UInt8, 256f)]
    [InlineData(NiftiDataType.UInt8, -1f)]
    [InlineData(NiftiDataType.Int8, 128f)]
    [InlineData(NiftiDataType.Int32, 2147483648f)]
    [InlineData(NiftiDataType.Int64, 9.3e18f)]
    [InlineData(NiftiDataType.Int16, float.NaN)]
    public void A_value_that_does_not_fit_is_refused(NiftiDataType type, float value) =>
        Assert.Throws<ArgumentException>(() => NiftiFile.Write(Stream.Null, new Volume([value], 1, 1, 1, Affine.Identity), type));

    [Fact]
    public void Integers_are_rounded_to_the_nearest()
    {
        NiftiFile.Write(_folder["r.nii"], new Volume([0.5f, 1.5f, -0.4f, 254.9f], 4, 1, 1, Affine.Identity), NiftiDataType.UInt8);
        Assert.Equal([0, 2, 0, 255], ImageFile.ReadVolume(_folder["r.nii"]).Voxels);
    }

    [Fact]
    public void NaN_and_infinity_are_kept()
    {
        NiftiFile.Write(_folder["n.nii"], new Volume([float.NaN, float.PositiveInfinity, 1], 3, 1, 1, Affine.Identity), NiftiDataType.Float32);
        Assert.Equal([float.NaN, float.PositiveInfinity, 1], ImageFile.ReadVolume(_folder["n.nii"]).Voxels);
    }

    [Fact]
    public void Gzipping_twice_is_told()
    {
        NiftiFile.Write(_folder["a.nii.gz"], new Volume(new float[8], 2, 2, 2, Affine.Identity), NiftiDataType.UInt8);
        using (var twice = new GZipStream(File.Create(_folder["b.nii.gz"]), CompressionLevel.Fastest))
            twice.Write(File.ReadAllBytes(_folder["a.nii.gz"]));
        var fault = Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["b.nii.gz"]));
        Assert.Contains("gzip twice", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("f.nii", 1)]
    [InlineData("f.nii", 2)]
    [InlineData("f.nii.gz", 1)]
    [InlineData("f.nii.gz", 2)]
    public void Damaged_files_give_a_result_or_a_reason(string name, int version)
    {
        NiftiFile.Write(_folder[name], RandomVolume(new Random(1), 0, 255), NiftiDataType.Int16, version);
        var bytes = File.ReadAllBytes(_folder[name]);
        FaultInjection.EveryPrefix(bytes, name[1..]);
        FaultInjection.BitFlips(bytes, name[1..], headerBytes: 130);
    }

    [Fact]
    public void A_changed_bit_in_compressed_voxels_is_found_by_the_checksum()
    {
        var volume = RandomVolume(new Random(4), 0, 255);
        NiftiFile.Write(_folder["c.nii.gz"], volume, NiftiDataType.Int16);
        var bytes = File.ReadAllBytes(_folder["c.nii.gz"]);
        var readable = 0;
        for (var bit = 8 * 10; bit < 8 * bytes.Length; bit += 3) // after gzip's own header
        {
            var changed = (byte[])bytes.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(_folder["d.nii.gz"], changed);
            try
            {
                // A few bits of the Huffman tables have no meaning; the voxels are the same then.
                Assert.Equal(volume.Voxels, ImageFile.ReadVolume(_folder["d.nii.gz"]).Voxels);
                readable++;
            }
            catch (InputDataException)
            {
                // What nearly all of them give.
            }
        }

        Assert.InRange(readable, 0, bytes.Length / 20);
    }

    [Fact]
    public void Gzip_members_in_a_row_and_zeros_at_the_end_are_read()
    {
        var volume = RandomVolume(new Random(4), 0, 255);
        var plain = new MemoryStream();
        NiftiFile.Write(plain, volume, NiftiDataType.UInt8);
        var bytes = plain.ToArray();
        byte[] members = [.. Gzip(bytes[..200]), .. Gzip(bytes[200..])];
        File.WriteAllBytes(_folder["m.nii.gz"], members);
        Assert.Equal(volume.Voxels, ImageFile.ReadVolume(_folder["m.nii.gz"]).Voxels);
        File.WriteAllBytes(_folder["z.nii.gz"], [.. members, .. new byte[512]]);
        Assert.Equal(volume.Voxels, ImageFile.ReadVolume(_folder["z.nii.gz"]).Voxels);
    }

    [Fact]
    public void A_frame_that_is_cut_short_is_refused_though_others_follow_it_in_the_header()
    {
        for (var missing = 1; missing < 40; missing++)
        {
            var bytes = new NiftiBytes(2, [5, 4, 2, 3]).With(new byte[40]);
            File.WriteAllBytes(_folder["s.nii.gz"], Gzip(bytes[..^missing]));
            Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["s.nii.gz"]));
        }
    }

    [Fact]
    public void A_size_that_the_compressed_bytes_cannot_hold_is_refused_before_memory_is_taken()
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal))
            gzip.Write(new NiftiBytes(2, [1000, 1000, 1000]).With(new byte[1000]));
        FaultInjection.ReadAll(_folder["bomb.nii.gz"], stream.ToArray(), "a false size");
    }

    [Fact]
    public void A_size_that_the_compressed_bytes_could_hold_is_counted_first()
    {
        var noise = new byte[400_000];
        new Random(5).NextBytes(noise);
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal))
            gzip.Write(new NiftiBytes(2, [600, 600, 600]).With(noise));
        FaultInjection.ReadAll(_folder["claim.nii.gz"], stream.ToArray(), "a false size");
        var fault = Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["claim.nii.gz"]));
        Assert.Contains("truncated", fault.Message, StringComparison.Ordinal);
    }

    private static byte[] Gzip(byte[] bytes)
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return stream.ToArray();
    }

    private static Volume RandomVolume(Random random, float min, float max)
    {
        int x = random.Next(1, 9), y = random.Next(1, 7), z = random.Next(1, 5);
        var voxels = new float[x * y * z];
        for (var i = 0; i < voxels.Length; i++)
            voxels[i] = MathF.Round(min + (max - min) * random.NextSingle());
        (voxels[0], voxels[^1]) = (min, max);
        var rows = new double[3, 4];
        for (var r = 0; r < 3; r++)
        {
            for (var c = 0; c < 4; c++)
                rows[r, c] = (r == c ? 2 : 0) + random.NextDouble() * 0.5;
        }

        return new Volume(voxels, x, y, z, new Affine(rows));
    }
}
