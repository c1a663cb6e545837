using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Conjoint.TestSupport;
using FsCheck.Xunit;

namespace Conjoint.Imaging.Tests.Formats.Dicom;

/// <summary>Damaged and hostile files: an error that names the file, in bounded time and memory; and nothing of a patient in it.</summary>
public sealed class DicomFaultTests : IDisposable
{
    private static readonly short[] Pixels = [.. Enumerable.Range(0, 48).Select(i => (short)(i * 100))];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, byte[]> Files => new()
    {
        { "explicit", DicomBytes.Slice(Pixels, 8, [0, 0, 0]).Build() },
        { "implicit with sequences", WithSequences(DicomBytes.ImplicitLittleEndian) },
        { "big endian with sequences", WithSequences(DicomBytes.ExplicitBigEndian) },
        { "deflated", DicomBytes.Slice(Pixels, 8, [0, 0, 0], syntax: DicomBytes.Deflated).Build() },
        { "jpeg", Stream("1.2.840.10008.1.2.4.70", 16, DicomStreams.Lossless16) },
        { "jpeg 12 bit", Stream("1.2.840.10008.1.2.4.51", 12, DicomStreams.Extended12) },
        { "jpeg 8 bit", Stream("1.2.840.10008.1.2.4.50", 8, DicomStreams.Baseline8) },
        { "jpeg 2000", Stream("1.2.840.10008.1.2.4.90", 12, DicomStreams.TilesAndPrecincts) },
        { "jpeg 2000 modes", Stream("1.2.840.10008.1.2.4.90", 12, DicomStreams.AllModes) },
        { "jpeg 2000 lossy", Stream("1.2.840.10008.1.2.4.91", 12, DicomStreams.Irreversible12) },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Files), DisableDiscoveryEnumeration = true)]
    public void No_beginning_of_a_file_is_read_as_whole(string name, byte[] valid)
    {
        // Deflate data may lack the mark of its end when all pixels are there.
        FaultInjection.EveryPrefix(valid, ".dcm", isRefused: name != "deflated");
    }

    [Theory]
    [MemberData(nameof(Files), DisableDiscoveryEnumeration = true)]
    public void Flipped_bits_give_a_result_or_a_named_fault(string name, byte[] valid)
    {
        Assert.NotEmpty(name);
        // The preamble means nothing; flips begin behind it.
        FaultInjection.BitFlips(valid, ".dcm", headerBytes: 0);
        var pixels = valid.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xE0, 0x7F, 0x10, 0x00]);
        for (var at = Math.Max(132, pixels); at < Math.Min(valid.Length, Math.Max(132, pixels) + 60); at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var bytes = (byte[])valid.Clone();
                bytes[at] ^= (byte)(1 << bit);
                FaultInjection.ReadAll(_folder["flipped.dcm"], bytes, $"bit {bit} of byte {at}");
            }
        }
    }

    [Property(MaxTest = 300)]
    public void Any_bytes_behind_the_mark_give_a_result_or_a_named_fault(byte[] tail) =>
        FaultInjection.ReadAll(_folder["any.dcm"], [.. new byte[128], .. "DICM"u8, .. tail ?? []], "random bytes");

    [Theory]
    [InlineData(true, 0x00081140u)]
    [InlineData(false, 0x00081140u)]
    [InlineData(true, 0x52009230u)]
    [InlineData(false, 0x52009230u)]
    public void Deeply_nested_sequences_are_refused(bool isUndefined, uint tag)
    {
        var inner = new DicomBytes().Text(0x00080100, "SH", "x");
        for (var depth = 0; depth < 200; depth++)
            inner = new DicomBytes().Sequence(tag, isUndefined, inner);
        // An unread sequence with a length is passed over whole, however deep.
        var file = new DicomBytes().Image(1, 1, 16).Shorts(DicomBytes.PixelData, "OW", 1).Sequence(tag, isUndefined, inner);
        file.Save(_folder["deep.dcm"]);
        if (!isUndefined && tag == 0x00081140u)
            Assert.Equal(1, ImageFile.ReadImage(_folder["deep.dcm"]).Pixels[0]);
        else
            Assert.Contains("deeper than 32", Fault(_folder["deep.dcm"]).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Absurd_sizes_are_refused_before_anything_is_allocated()
    {
        foreach (var (rows, columns, frames) in new[] { (65535, 65535, 1), (20000, 10000, 1), (512, 512, 4000), (512, 512, 100000), (0, 5, 1), (4, 4, 0) })
        {
            foreach (var syntax in new[] { DicomBytes.ExplicitLittleEndian, DicomBytes.Deflated, DicomBytes.RunLength, "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.90" })
            {
                var file = new DicomBytes { Syntax = syntax }.Image(columns, rows, 16).Numbers(0x00280008, "IS", frames);
                _ = syntax is DicomBytes.ExplicitLittleEndian or DicomBytes.Deflated ? file.Shorts(DicomBytes.PixelData, "OW", 1, 2) : file.Fragments([.. new byte[200]]);
                FaultInjection.ReadAll(_folder["absurd.dcm"], file.Build(), $"{rows}×{columns}×{frames} of {syntax}");
                Assert.Throws<InputDataException>(() => Inspection.Inspect(_folder["absurd.dcm"]));
            }
        }
    }

    [Fact]
    public void A_deflate_bomb_is_refused_in_bounded_time()
    {
        // 300 MB of zeros in a private element before the pixels.
        using var stream = new MemoryStream();
        stream.Write(new DicomBytes { Syntax = DicomBytes.Deflated }.Build().AsSpan()[..^2]); // without the two bytes of an empty deflate stream
        using (var deflate = new DeflateStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write([0x09, 0x00, 0x10, 0x10, (byte)'O', (byte)'B', 0, 0, 0x00, 0x00, 0x00, 0x12]);
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 300; i++)
                deflate.Write(zeros);
        }

        var watch = Stopwatch.StartNew();
        FaultInjection.ReadAll(_folder["bomb.dcm"], stream.ToArray(), "bomb");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
        Assert.NotEmpty(Fault(_folder["bomb.dcm"]).Reason);
    }

    [Fact]
    public void Objects_without_pixels_say_so()
    {
        new DicomBytes().Text(0x00080060, "CS", "SR").Save(_folder["report.dcm"]);
        Assert.Equal("is a DICOM file without an image: it has no pixel data; expected an image object", Fault(_folder["report.dcm"]).Reason);
    }

    [Fact]
    public void Nothing_of_a_patient_is_told()
    {
        const string secret = "SECRETDOE";
        for (var k = 0; k < 3; k++)
            Named(DicomBytes.Slice([1, 2], 2, [0, 0, k], instance: k), secret).Save(_folder[$"{k}.dcm"]);
        Directory.CreateDirectory(_folder["damaged"]);
        var damaged = new[]
        {
            Named(DicomBytes.Slice([1, 2], 2, [0, 0, 0], instance: 9, series: "1.5"), secret).Text(0x00280030, "DS", secret),
            Named(DicomBytes.Slice([1, 2], 2, [0, 0, 0], instance: 9, series: "1.6"), secret).Text(0x00280008, "IS", secret),
            Named(DicomBytes.Slice([1, 2], 2, [0, 0, 0], instance: 9, series: "1.7"), secret).Text(0x00280004, "CS", secret),
            Named(DicomBytes.Slice([1, 2], 2, [0, 0, 0], instance: 9, series: "1.8"), secret).Text(0x00080060, "CS", secret),
            Named(DicomBytes.Slice([1, 2], 2, [0, 0, 0], instance: 9, series: "1.9", syntax: secret), secret).Fragments([1, 2]),
        };
        for (var i = 0; i < damaged.Length; i++)
            damaged[i].Save(_folder[$"damaged/{i}.dcm"]);

        var told = JsonSerializer.Serialize(Inspection.Inspect(_folder.Path));
        foreach (var file in Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories))
        {
            try
            {
                told += JsonSerializer.Serialize(ImageFile.ReadHeader(file).Problems);
                ImageFile.ReadImage(file);
            }
            catch (InputDataException fault)
            {
                told += fault;
            }
        }

        Assert.DoesNotContain(secret, told, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("19610203", told, StringComparison.Ordinal);
    }

    private static DicomBytes Named(DicomBytes file, string name) => file
        .Text(0x00100010, "PN", name + "^JANE").Text(0x00100020, "LO", name + "-ID").Text(0x00100030, "DA", "19610203")
        .Text(0x00080090, "PN", name).Text(0x00081030, "LO", name).Text(0x0008103E, "LO", name).Text(0x00104000, "LT", name).Text(0x00200010, "SH", name);

    private static byte[] WithSequences(string syntax) => DicomBytes.Slice(Pixels, 8, [0, 0, 0], syntax: syntax)
        .Sequence(0x00081140, true, new DicomBytes().Text(0x00081150, "UI", "1.2"), new DicomBytes().Sequence(0x00089215, false, new DicomBytes().Text(0x00080100, "SH", "a")))
        .Sequence(0x00283000, false, new DicomBytes().Shorts(0x00283002, "US", 3, 0, 16).Shorts(0x00283006, "OW", 100, 200, 60000)).Build();

    private static byte[] Stream(string syntax, int bits, string stream) =>
        DicomCodecTests.Compressed(syntax, bits).Fragments(Convert.FromBase64String(stream)).Build();

    private static InputDataException Fault(string path) => Assert.Throws<InputDataException>(() => ImageFile.ReadImage(path));
}
