using System.Buffers.Binary;

namespace Conjoint.Imaging;

/// <summary>How a DICOM file begins: preamble and file meta information (PS3.10 section 7), or without both.</summary>
internal static class DicomPreamble
{
    /// <summary>Bytes before the mark <c>DICM</c>.</summary>
    public const int Bytes = 128;

    private const int FileMetaGroup = 0x0002;
    private const int FirstGroup = 0x0008;
    private const int MostFirstLength = 1024;

    /// <summary>Whether the bytes begin a DICOM file.</summary>
    public static bool Detects(ReadOnlySpan<byte> start) => HasMark(start) || Guess(start) is not null;

    public static bool HasMark(ReadOnlySpan<byte> start) => start.Length >= Bytes + 4 && start[Bytes..].StartsWith("DICM"u8);

    /// <summary>
    /// Encoding of a data set without file meta information, by its first element, which old writers put first: group length, specific
    /// character set, image type or an identifier of group 8; null when it is something else.
    /// </summary>
    public static DicomTransferSyntax? Guess(ReadOnlySpan<byte> start)
    {
        if (start.Length < 16)
            return null;
        if (BinaryPrimitives.ReadUInt16BigEndian(start) == FirstGroup && DicomVr.Of(start[4..]).IsKnown)
            return BinaryPrimitives.ReadUInt16BigEndian(start[2..]) <= 0x0070 ? DicomTransferSyntax.ExplicitBigEndian : null;
        var (group, element) = (BinaryPrimitives.ReadUInt16LittleEndian(start), BinaryPrimitives.ReadUInt16LittleEndian(start[2..]));
        if (group is not (FirstGroup or FileMetaGroup) || element > 0x0070)
            return null;
        if (DicomVr.Of(start[4..]).IsKnown)
            return DicomTransferSyntax.ExplicitLittleEndian;

        // Implicit: a length, and after so many bytes an element that comes later.
        var length = BinaryPrimitives.ReadUInt32LittleEndian(start[4..]);
        if (group != FirstGroup || length > MostFirstLength || length % 2 != 0)
            return null;
        var next = 8 + (int)length;
        if (start.Length < next + 4)
            return null;
        var follows = BinaryPrimitives.ReadUInt16LittleEndian(start[next..]);
        return follows == FirstGroup && BinaryPrimitives.ReadUInt16LittleEndian(start[(next + 2)..]) > element ? DicomTransferSyntax.ImplicitLittleEndian : null;
    }
}
