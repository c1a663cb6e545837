using System.Buffers.Binary;

namespace Conjoint.Imaging;

/// <summary>Numbers to stored bytes, one at a time.</summary>
internal static class ElementEncoding
{
    /// <summary>Whether a type can hold a number; floating-point types round it.</summary>
    public static bool Fits(double value, ElementType type)
    {
        if (!type.IsInteger())
            return true;
        // 2^63 and 2^64 are the first doubles beyond the 64-bit types.
        var (least, beyond) = type switch
        {
            ElementType.Int8 => (-128.0, 128.0),
            ElementType.UInt8 => (0, 256),
            ElementType.Int16 => (-32768, 32768),
            ElementType.UInt16 => (0, 65536),
            ElementType.Int32 => (-2147483648, 2147483648),
            ElementType.UInt32 => (0, 4294967296),
            ElementType.Int64 => (-9223372036854775808.0, 9223372036854775808.0),
            ElementType.UInt64 => (0, 18446744073709551616.0),
            _ => (0, 2),
        };
        return value >= least && value < beyond && value == Math.Floor(value);
    }

    /// <summary>Writes a number that fits, its low byte first.</summary>
    public static void Write(double value, ElementType type, Span<byte> destination)
    {
        switch (type)
        {
            case ElementType.Float16:
                BinaryPrimitives.WriteHalfLittleEndian(destination, (Half)value);
                break;
            case ElementType.Float32:
                BinaryPrimitives.WriteSingleLittleEndian(destination, (float)value);
                break;
            case ElementType.Float64:
                BinaryPrimitives.WriteDoubleLittleEndian(destination, value);
                break;
            default:
                // The low bytes of a whole number are the same whatever its type.
                Span<byte> whole = stackalloc byte[8];
                BinaryPrimitives.WriteUInt64LittleEndian(whole, value < 0 ? (ulong)(long)value : (ulong)value);
                whole[..type.SizeInBytes()].CopyTo(destination);
                break;
        }
    }
}
