using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Conjoint.Runtime.Settings;

/// <summary>How code names are written in settings and on the command line.</summary>
public static class SettingsNames
{
    /// <summary>A property's key: <c>MaxSlices</c> is <c>max_slices</c>.</summary>
    public static string Key(string property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property);

    /// <summary>
    /// An enumeration's value: <c>PerCrop</c> is <c>per-crop</c>, unless it carries a <see cref="JsonStringEnumMemberNameAttribute"/>.
    /// The names in weights' cards are the same.
    /// </summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Of(typeof(T), value.ToString());

    /// <summary>All values of an enumeration, as they are written.</summary>
    public static IReadOnlyList<string> All(Type enumeration)
    {
        ArgumentNullException.ThrowIfNull(enumeration);
        return [.. Enum.GetNames(enumeration).Select(n => Of(enumeration, n))];
    }

    /// <summary>The value that is written so; null when there is none.</summary>
    public static T? Parse<T>(string written)
        where T : struct, Enum => (T?)Parse(typeof(T), written);

    internal static object? Parse(Type enumeration, string written) =>
        Enum.GetNames(enumeration).FirstOrDefault(n => Of(enumeration, n) == written) is { } name ? Enum.Parse(enumeration, name) : null;

    internal static string Of(Type enumeration, string member) =>
        enumeration.GetField(member)?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
        ?? JsonNamingPolicy.KebabCaseLower.ConvertName(member);
}
