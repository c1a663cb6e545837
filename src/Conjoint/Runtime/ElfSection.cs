using System.Buffers.Binary;

namespace Conjoint.Runtime;

/// <summary>A section of a 64-bit little-endian ELF file, as its header tells (ELF-64 object file format, version 1.5).</summary>
/// <param name="Type">What it holds.</param>
/// <param name="Offset">Where its content begins, in bytes of the file.</param>
/// <param name="Size">Bytes of its content.</param>
/// <param name="Link">The section that it refers to, such as that of its names.</param>
/// <param name="Info">By type, such as how many entries there are.</param>
internal readonly record struct ElfSection(uint Type, long Offset, long Size, int Link, int Info)
{
    /// <summary>Bytes of the file's own header, with which it begins.</summary>
    public const int FileHeaderSize = 64;

    private const int HeaderSize = 64;

    /// <summary>Whether a file is one.</summary>
    public static bool IsElf(ReadOnlySpan<byte> file) => file.StartsWith<byte>([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1]);

    /// <summary>Where the sections' headers lie.</summary>
    public static (long Offset, int Length) Headers(ReadOnlySpan<byte> file) =>
        (BinaryPrimitives.ReadInt64LittleEndian(file[0x28..]), HeaderSize * BinaryPrimitives.ReadUInt16LittleEndian(file[0x3C..]));

    /// <summary>Reads all headers.</summary>
    /// <param name="headers">Their bytes.</param>
    public static ElfSection[] ReadAll(ReadOnlySpan<byte> headers)
    {
        var sections = new ElfSection[headers.Length / HeaderSize];
        for (var s = 0; s < sections.Length; s++)
        {
            var header = headers.Slice(s * HeaderSize, HeaderSize);
            sections[s] = new ElfSection(
                BinaryPrimitives.ReadUInt32LittleEndian(header[4..]), BinaryPrimitives.ReadInt64LittleEndian(header[0x18..]), BinaryPrimitives.ReadInt64LittleEndian(header[0x20..]),
                BinaryPrimitives.ReadInt32LittleEndian(header[0x28..]), BinaryPrimitives.ReadInt32LittleEndian(header[0x2C..]));
        }

        return sections;
    }
}
