namespace Conjoint.Imaging;

/// <summary>How one stored value is encoded. Names follow NumPy (<see cref="ElementTypes.Name"/>).</summary>
public enum ElementType
{
    /// <summary>Signed, 8 bit.</summary>
    Int8,

    /// <summary>Unsigned, 8 bit.</summary>
    UInt8,

    /// <summary>Signed, 16 bit.</summary>
    Int16,

    /// <summary>Unsigned, 16 bit.</summary>
    UInt16,

    /// <summary>Signed, 32 bit.</summary>
    Int32,

    /// <summary>Unsigned, 32 bit.</summary>
    UInt32,

    /// <summary>Signed, 64 bit.</summary>
    Int64,

    /// <summary>Unsigned, 64 bit.</summary>
    UInt64,

    /// <summary>IEEE 754 binary16.</summary>
    Float16,

    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary64.</summary>
    Float64,

    /// <summary>One byte, 0 for false and anything else for true.</summary>
    Bool,
}
