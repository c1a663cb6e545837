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
        return Document(emitter => Record(emitter, settings, null));
    }

    /// <summary>The YAML text of what differs from the defaults: two versions of the program with equal defaults write the same, whatever keys the newer one has gained.</summary>
    /// <param name="settings">A record as <see cref="SettingsBinder"/> takes.</param>
    public static string WriteChanged<T>(T settings)
        where T : class, new()
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Document(emitter => Record(emitter, settings, new T()));
    }

    private static string Document(Action<Emitter> write)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024, newLine: "\n"));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        write(emitter);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    /// <param name="emitter">Where to.</param>
    /// <param name="record">The record.</param>
    /// <param name="defaults">What needs no mention; null mentions everything.</param>
    private static void Record(Emitter emitter, object record, object? defaults)
    {
        emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
        foreach (var setting in SettingsShape.Of(record.GetType()))
        {
            var value = setting.Property.GetValue(record);
            var usual = defaults is null ? null : setting.Property.GetValue(defaults);
            if (defaults is not null && Text(setting.Type, value) == Text(setting.Type, usual))
                continue;
            emitter.Emit(new Scalar(setting.Key));
            Value(emitter, setting.Type, value, usual ?? (defaults is null ? null : Plainest(setting.Type, value)));
        }

        emitter.Emit(new MappingEnd());
    }

    /// <summary>What the parts of a record are compared with where the default is to have no such record.</summary>
    private static object? Plainest(Type type, object? record) =>
        record is null || SettingsShape.IsScalar(type) || SettingsShape.ItemType(type) is not null ? null : Activator.CreateInstance(record.GetType());

    private static string Text(Type type, object? value) => Document(emitter => Value(emitter, type, value));

    private static void Value(Emitter emitter, Type type, object? value, object? defaults = null)
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
            Record(emitter, value, defaults);
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
