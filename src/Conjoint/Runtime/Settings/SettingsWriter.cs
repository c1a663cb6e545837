using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Conjoint.Runtime.Settings;

/// <summary>Writes a record of settings as YAML, every key with its value.</summary>
public static partial class SettingsWriter
{
    /// <summary>The YAML text; <see cref="SettingsBinder"/> reads an equal record from it.</summary>
    /// <param name="settings">A record as <see cref="SettingsBinder"/> takes.</param>
    public static string Write<T>(T settings)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(settings);
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024, newLine: "\n"));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Record(emitter, settings);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Record(Emitter emitter, object record)
    {
        emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
        foreach (var setting in SettingsShape.Of(record.GetType()))
        {
            emitter.Emit(new Scalar(setting.Key));
            Value(emitter, setting.Type, setting.Property.GetValue(record));
        }

        emitter.Emit(new MappingEnd());
    }

    private static void Value(Emitter emitter, Type type, object? value)
    {
        if (value is null)
        {
            emitter.Emit(Plain("null"));
        }
        else if (SettingsShape.IsScalar(type))
        {
            emitter.Emit(Scalar(value));
        }
        else if (SettingsShape.ItemType(type) is { } item)
        {
            var style = SettingsShape.IsScalar(item) ? SequenceStyle.Flow : SequenceStyle.Block;
            emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, style));
            foreach (var entry in (IEnumerable)value)
                Value(emitter, item, entry);
            emitter.Emit(new SequenceEnd());
        }
        else if (SettingsShape.MapType(type) is { } entry)
        {
            var entries = SettingsShape.Entries(value).OrderBy(e => e.Key, StringComparer.Ordinal).ToArray();
            emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, entries.Length == 0 ? MappingStyle.Flow : MappingStyle.Block));
            foreach (var pair in entries)
            {
                emitter.Emit(Scalar(pair.Key));
                Value(emitter, entry, pair.Value);
            }

            emitter.Emit(new MappingEnd());
        }
        else
        {
            Record(emitter, value);
        }
    }

    private static Scalar Scalar(object value) => value switch
    {
        bool truth => Plain(truth ? "true" : "false"),
        int number => Plain(number.ToString(CultureInfo.InvariantCulture)),
        long number => Plain(number.ToString(CultureInfo.InvariantCulture)),
        double number => Plain(Number(number)),
        Enum member => Plain(SettingsNames.Of(member.GetType(), member.ToString())),
        string text when PlainText().IsMatch(text) && !LooksOtherwise().IsMatch(text) => Plain(text),
        string text => new Scalar(AnchorName.Empty, TagName.Empty, text, ScalarStyle.DoubleQuoted, isPlainImplicit: false, isQuotedImplicit: true),
        _ => throw new ArgumentException($"{value.GetType().Name} is no type of setting.", nameof(value)),
    };

    /// <summary>The shortest digits that give the same number; with a point before an exponent, as YAML 1.1 readers want.</summary>
    private static string Number(double number)
    {
        var digits = number.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
        return digits.Contains('e', StringComparison.Ordinal) && !digits.Contains('.', StringComparison.Ordinal)
            ? digits.Replace("e", ".0e", StringComparison.Ordinal)
            : digits;
    }

    private static Scalar Plain(string text) =>
        new(AnchorName.Empty, TagName.Empty, text, ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false);

    [GeneratedRegex(@"^[A-Za-z_./][A-Za-z0-9_./+-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex PlainText();

    /// <summary>Words that some reader of YAML takes for something other than text.</summary>
    [GeneratedRegex(@"^(null|true|false|yes|no|on|off|y|n|\..*)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex LooksOtherwise();
}
