namespace Conjoint.Imaging;

/// <summary>Facts about <see cref="ElementType"/>s.</summary>
public static class ElementTypes
{
    /// <summary>Bytes of one value.</summary>
    public static int SizeInBytes(this ElementType type) => type switch
    {
        ElementType.Int8 or ElementType.UInt8 or ElementType.Bool => 1,
        ElementType.Int16 or ElementType.UInt16 or ElementType.Float16 => 2,
        ElementType.Int32 or ElementType.UInt32 or ElementType.Float32 => 4,
        _ => 8,
    };

    /// <summary>NumPy's name: <c>int16</c>, <c>float32</c>, <c>bool</c>.</summary>
    public static string Name(this ElementType type) => type switch
    {
        ElementType.Int8 => "int8",
        ElementType.UInt8 => "uint8",
        ElementType.Int16 => "int16",
        ElementType.UInt16 => "uint16",
        ElementType.Int32 => "int32",
        ElementType.UInt32 => "uint32",
        ElementType.Int64 => "int64",
        ElementType.UInt64 => "uint64",
        ElementType.Float16 => "float16",
        ElementType.Float32 => "float32",
        ElementType.Float64 => "float64",
        _ => "bool",
    };

    /// <summary>Whether values can only be whole numbers (bool counts as 0 and 1).</summary>
    public static bool IsInteger(this ElementType type) =>
        type is not (ElementType.Float16 or ElementType.Float32 or ElementType.Float64);

    /// <summary>Whether every value is a float without being rounded.</summary>
    internal static bool FitsSingle(this ElementType type) =>
        type.SizeInBytes() <= 2 || type == ElementType.Float32;

    /// <summary>The encoding of a .NET number type.</summary>
    /// <exception cref="NotSupportedException">The type has no encoding here.</exception>
    public static ElementType Of<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(byte))
            return ElementType.UInt8;
        if (typeof(T) == typeof(sbyte))
            return ElementType.Int8;
        if (typeof(T) == typeof(short))
            return ElementType.Int16;
        if (typeof(T) == typeof(ushort))
            return ElementType.UInt16;
        if (typeof(T) == typeof(int))
            return ElementType.Int32;
        if (typeof(T) == typeof(uint))
            return ElementType.UInt32;
        if (typeof(T) == typeof(long))
            return ElementType.Int64;
        if (typeof(T) == typeof(ulong))
            return ElementType.UInt64;
        if (typeof(T) == typeof(Half))
            return ElementType.Float16;
        if (typeof(T) == typeof(float))
            return ElementType.Float32;
        if (typeof(T) == typeof(double))
            return ElementType.Float64;
        if (typeof(T) == typeof(bool))
            return ElementType.Bool;
        throw new NotSupportedException($"{typeof(T).Name} has no array encoding; use an integer, floating-point or bool type.");
    }
}
