using System.Reflection;

namespace Conjoint.Runtime.Settings;

/// <summary>What kind of setting a type is, and which keys a record has.</summary>
internal static class SettingsShape
{
    private static readonly NullabilityInfoContext s_nullability = new();

    /// <summary>A setting of a record.</summary>
    /// <param name="Key">In snake case.</param>
    /// <param name="Property">Where it goes.</param>
    /// <param name="Type">Without its question mark.</param>
    /// <param name="IsNullable">Whether null is a value.</param>
    /// <param name="IsRequired">Whether there is no default.</param>
    /// <param name="Bounds">The range of its numbers.</param>
    internal sealed record Setting(string Key, PropertyInfo Property, Type Type, bool IsNullable, bool IsRequired, BoundsAttribute? Bounds);

    /// <summary>The settings of a record, a base's first, in the order of their declaration; computed properties are none.</summary>
    public static IReadOnlyList<Setting> Of(Type record) =>
    [
        .. record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetMethod is { IsPublic: true } && p.SetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0)
            .OrderBy(p => Depth(p.DeclaringType!)).ThenBy(p => p.MetadataToken)
            .Select(Describe),
    ];

    /// <summary>The type of a list's entries; null for anything else.</summary>
    public static Type? ItemType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    /// <summary>The type of the values of a map from names; null for anything else.</summary>
    public static Type? MapType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) ? type.GetGenericArguments()[1] : null;

    /// <summary>The entries of a map of settings.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Entries(object map)
    {
        foreach (var pair in (System.Collections.IEnumerable)map)
        {
            var type = pair.GetType();
            yield return new KeyValuePair<string, object>((string)type.GetProperty("Key")!.GetValue(pair)!, type.GetProperty("Value")!.GetValue(pair)!);
        }
    }

    public static bool IsScalar(Type type) =>
        type.IsEnum || type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long) || type == typeof(double);

    /// <summary>What would be right, in words.</summary>
    public static string Expected(Type type, BoundsAttribute? bounds, bool isNullable)
    {
        var words = type.IsEnum ? $"one of {string.Join(", ", SettingsNames.All(type))}"
            : type == typeof(bool) ? "true or false"
            : type == typeof(int) || type == typeof(long) ? $"a whole number{Range(bounds)}"
            : type == typeof(double) ? $"a number{Range(bounds)}"
            : type == typeof(string) ? "text"
            : MapType(type) is { } entry ? $"names, each with {Expected(entry, bounds, false)}"
            : ItemType(type) is { } item ? $"a list, each {Expected(item, bounds, false)}"
            : $"keys among {string.Join(", ", Of(type).Select(s => s.Key))}";
        return isNullable ? $"{words}, or null" : words;
    }

    private static string Range(BoundsAttribute? bounds) => bounds is null ? "" : $" {bounds}";

    private static int Depth(Type type) => type.BaseType is { } below ? 1 + Depth(below) : 0;

    private static Setting Describe(PropertyInfo property)
    {
        var underlying = Nullable.GetUnderlyingType(property.PropertyType);
        bool isNullable;
        lock (s_nullability)
            isNullable = underlying is not null || s_nullability.Create(property).WriteState == NullabilityState.Nullable;
        return new Setting(
            SettingsNames.Key(property.Name), property, underlying ?? property.PropertyType, isNullable,
            property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute)), property.GetCustomAttribute<BoundsAttribute>());
    }
}
