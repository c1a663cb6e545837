using System.Collections;

namespace Conjoint.Runtime.Settings;

/// <summary>An immutable list that equals every list of equal entries, so that records with lists in them can be compared.</summary>
/// <remarks>Every list of a bound record is one.</remarks>
internal sealed class SettingsList<T>(IEnumerable<T> items) : IReadOnlyList<T>, IEquatable<SettingsList<T>>
{
    private readonly T[] _items = [.. items];

    public int Count => _items.Length;

    public T this[int index] => _items[index];

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    public bool Equals(SettingsList<T>? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    public override bool Equals(object? obj) => obj is IReadOnlyList<T> other && _items.SequenceEqual(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in _items)
            hash.Add(item);
        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", _items)}]";
}
