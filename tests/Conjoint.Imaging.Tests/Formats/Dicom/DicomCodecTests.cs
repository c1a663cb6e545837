using System.Buffers.Binary;
using Conjoint.TestSupport;

namespace Conjoint.Imaging.Tests.Formats.Dicom;

/// <summary>Compressed pixels against the formulas that they were made from.</summary>
public sealed class DicomCodecTests : IDisposable
{
    private const int Width = 16;
    private const int Height = 12;
    private const string Jpeg2000 = "1.2.840.10008.1.2.4.90";
    private const string JpegLs = "1.2.840.10008.1.2.4.80";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1.2.840.10008.1.2.4.70", DicomStreams.Lossless16, 16)]
    [InlineData("1.2.840.10008.1.2.4.57", DicomStreams.LosslessPredictor4, 12)]
    [InlineData("1.2.840.10008.1.2.4.57", DicomStreams.LosslessPredictor7, 16)]
    [InlineData(Jpeg2000, DicomStreams.Reversible16, 16)]
    [InlineData(Jpeg2000, DicomStreams.Layers, 12)]
    [InlineData(Jpeg2000, DicomStreams.AllModes, 12)]
    [InlineData(Jpeg2000, DicomStreams.Bypass, 16)]
    [InlineData(Jpeg2000, DicomStreams.TilesAndPrecincts, 12)]
    public void Lossless_streams_give_back_every_value(string syntax, string stream, int bits)
    {
        var pixels = ImageFile.ReadImage(Save(Compressed(syntax, bits).Fragments(Convert.FromBase64String(stream)))).Pixels;
        Assert.Equal(Formula(1 << bits), pixels.Select(v => (int)v));
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2.4.51", DicomStreams.Extended12, 12, 1, 12)]
    [InlineData("1.2.840.10008.1.2.4.50", DicomStreams.Baseline8, 8, 16, 2)]
    [InlineData("1.2.840.10008.1.2.4.91", DicomStreams.Irreversible12, 12, 1, 2)]
    public void Lossy_streams_are_near(string syntax, string stream, int bits, int divisor, int most)
    {
        var pixels = ImageFile.ReadImage(Save(Compressed(syntax, bits).Fragments(Convert.FromBase64String(stream)))).Pixels;
        for (var i = 0; i < pixels.Length; i++)
            Assert.InRange(pixels[i] - (100 * (i % Width) + 60 * (i / Width)) / divisor, -most, most);
    }

    [Fact]
    public void Colours_of_JPEG_2000_are_turned_back()
    {
        var file = Compressed(Jpeg2000, 8, samples: 3, photometric: "YBR_RCT").Fragments(Convert.FromBase64String(DicomStreams.ColourTransform));
        var grey = Formula(4096).Select(v => v / 16);
        Assert.Equal(
            grey.Select(v => 0.299 * v + 0.587 * (v * 3 % 256) + 0.114 * (255 - v)).Select(v => Math.Round(v, 3)),
            ImageFile.ReadImage(Save(file)).Pixels.Select(v => Math.Round(v, 3)));
    }

    [Theory]
    [InlineData(8, false, 1)]
    [InlineData(16, true, 1)]
    [InlineData(16, false, 3)]
    [InlineData(32, false, 1)]
    public void Run_lengths_are_unpacked_by_planes_of_bytes(int bits, bool isSigned, int samples)
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, Width * Height * samples).Select(i => i % 40 < 25 ? 0x01020304u : (uint)random.NextInt64(1L << bits)).Select(v => bits == 32 ? v : v & ((1u << bits) - 1)).ToArray();
        var file = Compressed(DicomBytes.RunLength, bits, isSigned, samples, samples == 1 ? "MONOCHROME2" : "RGB").Fragments(RunLength(values, samples, bits / 8));
        var found = new List<double>();
        new DicomFormat().Scan(Save(file), part => found.AddRange(part.ToArray()));
        Assert.Equal(values.Select(v => isSigned ? (double)(short)v : v), found);
    }

    [Fact]
    public void Frames_may_be_of_several_fragments()
    {
        var stream = Convert.FromBase64String(DicomStreams.Lossless16);
        var file = Compressed("1.2.840.10008.1.2.4.70", 16).Numbers(0x00280008, "IS", 2)
            .Fragments(stream[..100], stream[100..], stream[..50], stream[50..200], stream[200..]);
        var volume = ImageFile.ReadVolume(Save(file));
        Assert.Equal(Formula(65536).Concat(Formula(65536)), volume.Voxels.Select(v => (int)v));
    }

    [Fact]
    public void Signs_of_a_stream_without_signs_come_from_the_header()
    {
        // 12 stored bits, signed: 2048 and above are negative.
        var file = Compressed("1.2.840.10008.1.2.4.57", 12, isSigned: true).Fragments(Convert.FromBase64String(DicomStreams.LosslessPredictor4));
        Assert.Equal(Formula(4096).Select(v => v < 2048 ? v : v - 4096), ImageFile.ReadImage(Save(file)).Pixels.Select(v => (int)v));
    }

    [Fact]
    public void A_syntax_without_a_decoder_is_named_with_its_cure_or_decoded_by_another_program()
    {
        var path = Save(Compressed(JpegLs, 16).Fragments(Convert.FromBase64String(DicomStreams.JpegLs16)));
        if (IsOnPath("dcmdjpls") || IsOnPath("gdcmconv"))
        {
            // A small file without the identifiers that such programs insist on may be refused by them, but never read wrongly.
            try
            {
                Assert.Equal(Formula(65536), ImageFile.ReadImage(path).Pixels.Select(v => (int)v));
            }
            catch (InputDataException fault)
            {
                Assert.Contains("could not decompress it", fault.Message, StringComparison.Ordinal);
            }

            return;
        }

        var missing = Assert.Throws<InputDataException>(() => ImageFile.ReadImage(path));
        Assert.Equal(
            $"{path}: is compressed as JPEG-LS lossless ({JpegLs}), which can't be read here; install dcmdjpls (Debian's package dcmtk) or gdcmconv (libgdcm-tools), which are used when they are on the path",
            missing.Message);
    }

    [Fact]
    public void Streams_of_another_size_than_declared_are_refused()
    {
        foreach (var (syntax, stream) in new[] { ("1.2.840.10008.1.2.4.70", DicomStreams.Lossless16), (Jpeg2000, DicomStreams.Layers) })
        {
            var file = Compressed(syntax, 16).Shorts(0x00280011, "US", Width + 1).Fragments(Convert.FromBase64String(stream));
            Assert.Contains("16×12", Assert.Throws<InputDataException>(() => ImageFile.ReadImage(Save(file))).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>The stored image: whole numbers that no codec finds easy.</summary>
    private static IEnumerable<int> Formula(int modulus)
    {
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
                yield return (x * x * 37 + y * 1311 + x * y * 7) % modulus;
        }
    }

    internal static DicomBytes Compressed(string syntax, int bits, bool isSigned = false, int samples = 1, string photometric = "MONOCHROME2") =>
        new DicomBytes { Syntax = syntax }.Text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7").Text(0x00080018, "UI", "1.2.3.4")
            .Image(Width, Height, bits <= 8 ? 8 : bits <= 16 ? 16 : 32, isSigned, samples, photometric, stored: bits);

    private static byte[] RunLength(uint[] values, int samples, int sampleBytes)
    {
        var segments = new List<byte[]>();
        for (var sample = 0; sample < samples; sample++)
        {
            for (var plane = sampleBytes - 1; plane >= 0; plane--)
                segments.Add(PackBits([.. values.Where((_, i) => i % samples == sample).Select(v => (byte)(v >> (8 * plane)))]));
        }

        var bytes = new byte[64];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, segments.Count);
        var at = 64;
        for (var i = 0; i < segments.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 + 4 * i), at);
            at += segments[i].Length;
        }

        return [.. bytes, .. segments.SelectMany(segment => segment)];
    }

    private static byte[] PackBits(byte[] plane)
    {
        var packed = new List<byte>();
        for (var i = 0; i < plane.Length;)
        {
            var run = 1;
            while (i + run < plane.Length && run < 128 && plane[i + run] == plane[i])
                run++;
            if (run > 1)
                packed.AddRange([(byte)(1 - run), plane[i]]);
            else
                packed.AddRange([0, plane[i]]);
            i += run;
        }

        if (packed.Count % 2 == 1)
            packed.Add(0x80);
        return [.. packed];
    }

    private static bool IsOnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));

    private string Save(DicomBytes file)
    {
        file.Save(_folder["a.dcm"]);
        return _folder["a.dcm"];
    }
}
