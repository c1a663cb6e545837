namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>A Python dictionary as far as weights need it: the entries under strings, in the order in which they were first set.</summary>
/// <remarks>Entries under other keys, such as an optimiser's numbered ones, are left out.</remarks>
internal sealed class PickleDictionary
{
    private OrderedDictionary<string, object?>? _entries;

    /// <summary>The entries under strings.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Entries => _entries is null ? [] : [.. _entries];

    /// <summary>How many there are.</summary>
    public int Count => _entries?.Count ?? 0;

    /// <summary>The value under a string; null where there is none.</summary>
    public object? this[string key] => _entries is not null && _entries.TryGetValue(key, out var value) ? value : null;

    /// <summary>Sets an entry; the last value of a key counts.</summary>
    public void Set(object? key, object? value)
    {
        // Made late: an empty dictionary costs a file one byte.
        if (key is string text)
            (_entries ??= new(StringComparer.Ordinal))[text] = value;
    }
}
