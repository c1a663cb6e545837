using System.Collections;

namespace Conjoint.Runtime.Settings;

/// <summary>An immutable map from names that equals every map of equal entries, so that records with maps in them can be compared. Entries stand in the order of their names.</summary>
/// <remarks>Every map of a bound record is one.</remarks>
internal sealed class SettingsMap<T>(IReadOnlyDictionary<string, object> entries) : IReadOnlyDictionary<string, T>, IEquatable<SettingsMap<T>>
{
    private readonly SortedDictionary<string, T> _entries = new(entries.ToDictionary(e => e.Key, e => (T)e.Value), StringComparer.Ordinal);

    public int Count => _entries.Count;

    public IEnumerable<string> Keys => _entries.Keys;

    public IEnumerable<T> Values => _entries.Values;

    public T this[string key] => _entries[key];

    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    public bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T value) => _entries.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(SettingsMap<T>? other) => other is not null && _entries.SequenceEqual(other._entries);

    public override bool Equals(object? obj) => Equals(obj as SettingsMap<T>);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var entry in _entries)
            hash.Add(entry);
        return hash.ToHashCode();
    }
}
