using static TorchSharp.torch;

namespace Conjoint.Runtime;

/// <summary>The element types of safetensors, and TorchSharp's for them.</summary>
internal static class SafetensorsTypes
{
    private static readonly (string Name, ScalarType Type, int Size)[] s_types =
    [
        ("F64", ScalarType.Float64, 8), ("F32", ScalarType.Float32, 4), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    public static string Names => string.Join(", ", s_types.Select(t => t.Name));

    public static ScalarType? Parse(string name)
    {
        foreach (var type in s_types)
        {
            if (type.Name == name)
                return type.Type;
        }

        return null;
    }

    /// <exception cref="ArgumentException">Safetensors has no name for the type.</exception>
    public static string Name(ScalarType type)
    {
        foreach (var entry in s_types)
        {
            if (entry.Type == type)
                return entry.Name;
        }

        throw new ArgumentException($"safetensors has no element type for {type}; it has {Names}.", nameof(type));
    }

    public static int Size(ScalarType type) => s_types.First(t => t.Type == type).Size;
}
