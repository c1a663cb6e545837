using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Conjoint.TestSupport;

/// <summary>Writes small DICOM files element by element, in any encoding, right or wrong.</summary>
public sealed class DicomBytes
{
    public const string ImplicitLittleEndian = "1.2.840.10008.1.2";
    public const string ExplicitLittleEndian = "1.2.840.10008.1.2.1";
    public const string Deflated = "1.2.840.10008.1.2.1.99";
    public const string ExplicitBigEndian = "1.2.840.10008.1.2.2";
    public const string RunLength = "1.2.840.10008.1.2.5";
    public const uint PixelData = 0x7FE00010;

    private const uint Undefined = 0xFFFFFFFF;

    private readonly SortedDictionary<uint, (string Vr, Func<Layout, byte[]> Value, bool IsUndefined)> _elements = [];

    /// <summary>How elements are written.</summary>
    public readonly record struct Layout(bool IsExplicit, bool IsBigEndian);

    public string Syntax { get; init; } = ExplicitLittleEndian;

    /// <summary>Whether preamble and file meta information stand before the data set.</summary>
    public bool HasMeta { get; init; } = true;

    /// <summary>A grey image of 16 bits with geometry, as a slice of a CT has it.</summary>
    public static DicomBytes Slice(IReadOnlyList<short> pixels, int width, double[] position, double[]? orientation = null, int instance = 1, string series = "1.2.3", string? syntax = null)
    {
        var file = new DicomBytes { Syntax = syntax ?? ExplicitLittleEndian };
        return file
            .Text(0x00080018, "UI", string.Create(CultureInfo.InvariantCulture, $"{series}.9.{instance}")).Text(0x00080060, "CS", "CT")
            .Text(0x00100020, "LO", "PID-" + series).Text(0x0020000D, "UI", series + ".1").Text(0x0020000E, "UI", series)
            .Numbers(0x00200013, "IS", instance)
            .Numbers(0x00200032, "DS", position).Numbers(0x00200037, "DS", orientation ?? [1, 0, 0, 0, 1, 0])
            .Numbers(0x00280030, "DS", 0.5, 0.75)
            .Image(width, pixels.Count / width, bits: 16, isSigned: true)
            .Shorts(PixelData, "OW", [.. pixels.Select(v => (ushort)v)]);
    }

    /// <summary>The elements of the image pixel module, grey.</summary>
    public DicomBytes Image(int width, int height, int bits, bool isSigned = false, int samples = 1, string photometric = "MONOCHROME2", int? stored = null) =>
        Shorts(0x00280002, "US", (ushort)samples).Text(0x00280004, "CS", photometric)
            .Shorts(0x00280010, "US", (ushort)height).Shorts(0x00280011, "US", (ushort)width)
            .Shorts(0x00280100, "US", (ushort)bits).Shorts(0x00280101, "US", (ushort)(stored ?? bits)).Shorts(0x00280102, "US", (ushort)((stored ?? bits) - 1))
            .Shorts(0x00280103, "US", isSigned ? (ushort)1 : (ushort)0);

    public DicomBytes Text(uint tag, string vr, string text) => Bytes(tag, vr, Encoding.Latin1.GetBytes(text), vr == "UI" ? (byte)0 : (byte)' ');

    public DicomBytes Numbers(uint tag, string vr, params double[] numbers) =>
        Text(tag, vr, string.Join('\\', numbers.Select(number => number.ToString("0.######", CultureInfo.InvariantCulture))));

    public DicomBytes Shorts(uint tag, string vr, params ushort[] values)
    {
        _elements[tag] = (vr, encoding =>
        {
            var bytes = new byte[2 * values.Length];
            for (var i = 0; i < values.Length; i++)
            {
                if (encoding.IsBigEndian)
                    BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), values[i]);
                else
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), values[i]);
            }

            return bytes;
        }, false);
        return this;
    }

    public DicomBytes Bytes(uint tag, string vr, byte[] bytes, byte padding = 0)
    {
        _elements[tag] = (vr, _ => bytes.Length % 2 == 0 ? bytes : [.. bytes, padding], false);
        return this;
    }

    public DicomBytes Without(uint tag)
    {
        _elements.Remove(tag);
        return this;
    }

    /// <summary>A sequence whose items have lengths, or end with delimiters.</summary>
    public DicomBytes Sequence(uint tag, bool isUndefined, params DicomBytes[] items)
    {
        _elements[tag] = ("SQ", encoding =>
        {
            using var stream = new MemoryStream();
            foreach (var item in items)
            {
                var bytes = item.DataSet(encoding);
                Tag(stream, 0xFFFEE000, encoding);
                UInt32(stream, isUndefined ? Undefined : (uint)bytes.Length, encoding);
                stream.Write(bytes);
                if (isUndefined)
                    Delimiter(stream, 0xFFFEE00D, encoding);
            }

            if (isUndefined)
                Delimiter(stream, 0xFFFEE0DD, encoding);
            return stream.ToArray();
        }, isUndefined);
        return this;
    }

    /// <summary>Pixels in fragments, after an empty offset table.</summary>
    public DicomBytes Fragments(params byte[][] fragments)
    {
        _elements[PixelData] = ("OB", encoding =>
        {
            using var stream = new MemoryStream();
            foreach (var fragment in fragments.Prepend([]))
            {
                Tag(stream, 0xFFFEE000, encoding);
                UInt32(stream, (uint)(fragment.Length + fragment.Length % 2), encoding);
                stream.Write(fragment);
                if (fragment.Length % 2 == 1)
                    stream.WriteByte(0);
            }

            Delimiter(stream, 0xFFFEE0DD, encoding);
            return stream.ToArray();
        }, true);
        return this;
    }

    /// <summary>The file.</summary>
    public byte[] Build()
    {
        using var file = new MemoryStream();
        if (HasMeta)
        {
            file.Write(new byte[128]);
            file.Write("DICM"u8);
            file.Write(new DicomBytes().Text(0x00020010, "UI", Syntax).DataSet(new Layout(true, false)));
        }

        var data = DataSet(new Layout(Syntax != ImplicitLittleEndian, Syntax == ExplicitBigEndian));
        if (Syntax == Deflated)
        {
            using var deflate = new DeflateStream(file, CompressionLevel.Optimal, leaveOpen: true);
            deflate.Write(data);
        }
        else
        {
            file.Write(data);
        }

        return file.ToArray();
    }

    public void Save(string path) => File.WriteAllBytes(path, Build());

    private byte[] DataSet(Layout encoding)
    {
        using var stream = new MemoryStream();
        foreach (var (tag, (vr, value, isUndefined)) in _elements)
        {
            var bytes = value(encoding);
            var length = isUndefined ? Undefined : (uint)bytes.Length;
            Tag(stream, tag, encoding);
            if (!encoding.IsExplicit)
            {
                UInt32(stream, length, encoding);
            }
            else
            {
                stream.Write(Encoding.ASCII.GetBytes(vr));
                if (vr is "OB" or "OW" or "OF" or "OD" or "SQ" or "UN" or "UT")
                {
                    stream.Write(new byte[2]);
                    UInt32(stream, length, encoding);
                }
                else
                {
                    UInt16(stream, (ushort)length, encoding);
                }
            }

            stream.Write(bytes);
        }

        return stream.ToArray();
    }

    private static void Delimiter(Stream stream, uint tag, Layout encoding)
    {
        Tag(stream, tag, encoding);
        UInt32(stream, 0, encoding);
    }

    private static void Tag(Stream stream, uint tag, Layout encoding)
    {
        UInt16(stream, (ushort)(tag >> 16), encoding);
        UInt16(stream, (ushort)tag, encoding);
    }

    private static void UInt16(Stream stream, ushort value, Layout encoding)
    {
        Span<byte> bytes = stackalloc byte[2];
        if (encoding.IsBigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private static void UInt32(Stream stream, uint value, Layout encoding)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (encoding.IsBigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}
