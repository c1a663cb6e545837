using System.Buffers.Binary;

namespace Conjoint.Imaging;

/// <summary>Which way stored rows and columns have to be turned to stand upright, as EXIF and TIFF tell it.</summary>
/// <remarks>Specification: Exif 2.32 (CIPA DC-008), tag 0x0112 of the first directory, after a TIFF header; TIFF 6.0, tag Orientation.</remarks>
internal static class ExifOrientation
{
    /// <summary>Stored as it is looked at.</summary>
    public const int Upright = 1;

    /// <summary>The tag of a TIFF directory that holds it.</summary>
    public const int Tag = 0x0112;

    private const int EntryBytes = 12;
    private const ushort ShortType = 3;

    /// <summary>The orientation in the content of an APP1 segment, 1 to 8; 1 where it has none, or none that makes sense.</summary>
    public static int Of(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith("Exif\0\0"u8))
            return Upright;
        var tiff = segment[6..];
        if (tiff.Length < 8 || !(tiff.StartsWith("II*\0"u8) || tiff.StartsWith("MM\0*"u8)))
            return Upright;
        var isBig = tiff[0] == (byte)'M';
        var directory = Long(tiff[4..], isBig);
        if (directory > tiff.Length - 2)
            return Upright;
        var count = Short(tiff[(int)directory..], isBig);
        for (var i = 0; i < count; i++)
        {
            var at = (int)directory + 2 + i * EntryBytes;
            if (at > tiff.Length - EntryBytes)
                return Upright;
            var entry = tiff.Slice(at, EntryBytes);
            if (Short(entry, isBig) == Tag)
                return Short(entry[2..], isBig) == ShortType && Short(entry[8..], isBig) is >= 1 and <= 8 and var orientation ? orientation : Upright;
        }

        return Upright;
    }

    /// <summary>The orientation when it is one of the eight, else 1.</summary>
    public static int OrUpright(long orientation) => orientation is >= 1 and <= 8 ? (int)orientation : Upright;

    /// <summary>Whether rows become columns.</summary>
    public static bool Swaps(int orientation) => orientation >= 5;

    /// <summary>Turns an image upright.</summary>
    /// <param name="stored">[height, width].</param>
    /// <param name="width">Stored pixels in a row.</param>
    /// <param name="height">Stored rows.</param>
    /// <param name="orientation">1 to 8.</param>
    /// <returns>The image; its sides are exchanged from 5 on.</returns>
    public static Image Turn(float[] stored, int width, int height, int orientation)
    {
        if (orientation == Upright)
            return new Image(stored, width, height);
        var (columns, rows) = Swaps(orientation) ? (height, width) : (width, height);
        var upright = new float[stored.Length];
        for (var y = 0; y < rows; y++)
        {
            for (var x = 0; x < columns; x++)
            {
                var (column, row) = orientation switch
                {
                    2 => (width - 1 - x, y),
                    3 => (width - 1 - x, height - 1 - y),
                    4 => (x, height - 1 - y),
                    5 => (y, x),
                    6 => (y, height - 1 - x),
                    7 => (width - 1 - y, height - 1 - x),
                    _ => (width - 1 - y, x),
                };
                upright[y * columns + x] = stored[row * width + column];
            }
        }

        return new Image(upright, columns, rows);
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint Long(ReadOnlySpan<byte> bytes, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
