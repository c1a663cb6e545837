using System.Globalization;
using System.Reflection;

namespace Conjoint.Runtime.Settings;

/// <summary>Makes an immutable record of settings from layers of YAML.</summary>
/// <remarks>
/// <para>
/// A record is any class with a parameterless constructor and <c>init</c> properties of these types: bool, int, long, double,
/// string, enumerations, records, <see cref="IReadOnlyList{T}"/> of those, <see cref="IReadOnlyDictionary{TKey, TValue}"/> from
/// names to scalars, and each of them nullable. Keys are in snake case,
/// enumerations in kebab case.
/// </para>
/// <para>
/// What a layer leaves out keeps the record's default; a nested record is filled in key by key, a list is replaced whole.
/// Bound records compare by value, lists included. <see cref="SettingsWriter"/> is the way back.
/// </para>
/// </remarks>
public static class SettingsBinder
{
    /// <summary>Binds the layers, later ones on top of earlier ones.</summary>
    /// <exception cref="ConfigurationException">Lists every fault: unknown and missing keys, wrong types, values out of range, combinations that cannot work.</exception>
    public static T Bind<T>(params IEnumerable<SettingsLayer> layers)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(layers);
        var root = layers.Aggregate(new MappingNode("settings", 0, []), (lower, upper) => lower.Under(upper.Root));
        var binding = new Binding();
        var bound = (T)binding.Record(typeof(T), null, root, "");
        if (binding.Faults.Count == 0)
            binding.Validate(bound, root, "");
        return binding.Faults.Count == 0 ? bound : throw new ConfigurationException(binding.Faults);
    }

    /// <summary>One act of binding, which goes on after a fault to find the others.</summary>
    private sealed class Binding
    {
        public List<string> Faults { get; } = [];

        /// <param name="type">The record's type.</param>
        /// <param name="defaults">A record to start from; null starts from the type's own defaults.</param>
        /// <param name="node">What the layers say.</param>
        /// <param name="path">The key that leads here; empty at the top.</param>
        public object Record(Type type, object? defaults, MappingNode node, string path)
        {
            var record = defaults is null ? Activator.CreateInstance(type)! : Clone(defaults);
            var settings = SettingsShape.Of(type);
            foreach (var entry in node.Entries.Where(e => settings.All(s => s.Key != e.Key)))
                Unknown(entry, settings, path);

            foreach (var setting in settings)
            {
                var key = Join(path, setting.Key);
                if (node[setting.Key] is { } given)
                {
                    if (TryValue(setting.Type, setting.IsNullable, setting.Bounds, setting.Property.GetValue(record), given, key, out var value))
                        setting.Property.SetValue(record, value);
                }
                else if (setting.IsRequired && defaults is null)
                {
                    Faults.Add($"{node.Place}: {key}: missing; expected {SettingsShape.Expected(setting.Type, setting.Bounds, setting.IsNullable)}");
                }
                else if (setting.Property.GetValue(record) is { } kept)
                {
                    setting.Property.SetValue(record, Comparable(setting.Type, kept));
                }
            }

            return record;
        }

        /// <summary>Asks every record of the tree that checks itself.</summary>
        public void Validate(object record, MappingNode? node, string path)
        {
            if (record is IValidated validated)
            {
                foreach (var problem in validated.Problems())
                    Faults.Add($"{PlaceOf(node, problem.Key)}: {Join(path, problem.Key)}: {problem.Message}");
            }

            foreach (var setting in SettingsShape.Of(record.GetType()))
            {
                var value = setting.Property.GetValue(record);
                var below = node?[setting.Key];
                var key = Join(path, setting.Key);
                if (value is null || SettingsShape.IsScalar(setting.Type) || SettingsShape.MapType(setting.Type) is not null)
                    continue;
                if (SettingsShape.ItemType(setting.Type) is not { } item)
                    Validate(value, below as MappingNode, key);
                else if (!SettingsShape.IsScalar(item))
                    ValidateAll((System.Collections.IEnumerable)value, below as SequenceNode, key);
            }
        }

        private void ValidateAll(System.Collections.IEnumerable records, SequenceNode? node, string key)
        {
            var index = 0;
            foreach (var record in records)
            {
                Validate(record, node?.Items[index] as MappingNode, $"{key}[{index}]");
                index++;
            }
        }

        private bool TryValue(Type type, bool isNullable, BoundsAttribute? bounds, object? current, SettingsNode node, string key, out object? value)
        {
            value = null;
            if (node is ScalarNode { IsNull: true } && isNullable)
                return true;

            switch (node)
            {
                case ScalarNode scalar when SettingsShape.IsScalar(type):
                    value = scalar.IsNull ? null : Scalar(type, scalar.Text);
                    if (value is null || !InBounds(value, bounds))
                        return Refuse(node, key, $"received '{scalar.Text}'", type, bounds, isNullable);
                    return true;

                case SequenceNode sequence when SettingsShape.ItemType(type) is { } item:
                    return TryList(item, bounds, sequence, key, out value);

                case MappingNode mapping when SettingsShape.MapType(type) is { } entry:
                    return TryMap(entry, bounds, mapping, key, out value);

                case MappingNode mapping when !SettingsShape.IsScalar(type) && SettingsShape.ItemType(type) is null:
                    var before = Faults.Count;
                    value = Record(type, current, mapping, key);
                    return Faults.Count == before;

                default:
                    var received = node switch
                    {
                        ScalarNode scalar => $"received '{scalar.Text}'",
                        SequenceNode => "received a list",
                        _ => "received keys with values",
                    };
                    return Refuse(node, key, received, type, bounds, isNullable);
            }
        }

        private bool TryList(Type item, BoundsAttribute? bounds, SequenceNode sequence, string key, out object? value)
        {
            var array = Array.CreateInstance(item, sequence.Items.Count);
            var good = true;
            for (var i = 0; i < array.Length; i++)
            {
                if (TryValue(item, false, bounds, null, sequence.Items[i], $"{key}[{i}]", out var entry))
                    array.SetValue(entry, i);
                else
                    good = false;
            }

            value = good ? ListOf(item, array) : null;
            return good;
        }

        private bool TryMap(Type entry, BoundsAttribute? bounds, MappingNode mapping, string key, out object? value)
        {
            var entries = new Dictionary<string, object>(StringComparer.Ordinal);
            var good = true;
            foreach (var pair in mapping.Entries)
            {
                if (TryValue(entry, false, bounds, null, pair.Value, Join(key, pair.Key), out var one) && one is not null)
                    entries[pair.Key] = one;
                else
                    good = false;
            }

            value = good ? MapOf(entry, entries) : null;
            return good;
        }

        private bool Refuse(SettingsNode node, string key, string received, Type type, BoundsAttribute? bounds, bool isNullable)
        {
            var near = type.IsEnum && node is ScalarNode scalar ? NearestWord.Of(scalar.Text, SettingsNames.All(type)) : null;
            Faults.Add($"{node.Place}: {key}: {received}; expected {SettingsShape.Expected(type, bounds, isNullable)}"
                + (near is null ? "" : $"; did you mean {near}?"));
            return false;
        }

        private void Unknown(MappingEntry entry, IReadOnlyList<SettingsShape.Setting> settings, string path)
        {
            var keys = settings.Select(s => s.Key).ToList();
            var near = NearestWord.Of(entry.Key, keys);
            var place = entry.Value with { Line = entry.Line };
            Faults.Add($"{place.Place}: {Join(path, entry.Key)}: unknown key; "
                + (near is null ? $"expected one of {string.Join(", ", keys)}" : $"did you mean {near}?"));
        }

        /// <summary>The deepest place that a layer names on the way to a key.</summary>
        private static string PlaceOf(MappingNode? node, string key)
        {
            SettingsNode? deepest = node;
            foreach (var part in key.Split('.'))
            {
                if ((deepest as MappingNode)?[part] is not { } next)
                    break;
                deepest = next;
            }

            return deepest?.Place ?? "settings";
        }
    }

    private static object? Scalar(Type type, string text)
    {
        var culture = CultureInfo.InvariantCulture;
        if (type == typeof(string))
            return text;
        if (type == typeof(bool))
            return text switch { "true" => true, "false" => false, _ => null };
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number) ? number : null;
        if (type == typeof(long))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number) ? number : null;
        if (type == typeof(double))
            return double.TryParse(text, NumberStyles.Float, culture, out var number) && double.IsFinite(number) ? number : null;
        return SettingsNames.Parse(type, text);
    }

    private static bool InBounds(object value, BoundsAttribute? bounds) => bounds is null || value switch
    {
        int number => bounds.Contains(number),
        long number => bounds.Contains(number),
        double number => bounds.Contains(number),
        _ => true,
    };

    /// <summary>The same value with lists that compare by their entries.</summary>
    private static object Comparable(Type type, object value)
    {
        if (SettingsShape.IsScalar(type))
            return value;
        if (SettingsShape.ItemType(type) is { } item)
        {
            var items = ((System.Collections.IEnumerable)value).Cast<object>().Select(v => Comparable(item, v)).ToArray();
            var array = Array.CreateInstance(item, items.Length);
            items.CopyTo(array, 0);
            return ListOf(item, array);
        }

        if (SettingsShape.MapType(type) is { } entry)
        {
            return MapOf(entry, SettingsShape.Entries(value).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal));
        }

        var clone = Clone(value);
        foreach (var setting in SettingsShape.Of(type))
        {
            if (setting.Property.GetValue(clone) is { } inner)
                setting.Property.SetValue(clone, Comparable(setting.Type, inner));
        }

        return clone;
    }

    private static object MapOf(Type entry, IReadOnlyDictionary<string, object> entries) =>
        Activator.CreateInstance(typeof(SettingsMap<>).MakeGenericType(entry), entries)!;

    private static object ListOf(Type item, Array items) => Activator.CreateInstance(typeof(SettingsList<>).MakeGenericType(item), items)!;

    /// <summary>A copy whose <c>init</c> properties can be set without touching the original, as <c>with</c> makes it.</summary>
    private static object Clone(object record) =>
        // A derived record has its base's too, which returns the base.
        (Array.Find(record.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance), m => m.Name == "<Clone>$" && m.ReturnType == record.GetType())
            ?? throw new ArgumentException($"{record.GetType().Name} is not a record.", nameof(record))).Invoke(record, null)!;

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
