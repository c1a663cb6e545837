namespace Conjoint.Runtime.Settings;

/// <summary>A value as it stands in a layer of settings, with its place.</summary>
/// <param name="Source">The file, preset or flag.</param>
/// <param name="Line">From 1; 0 where the source has no lines.</param>
internal abstract record SettingsNode(string Source, int Line)
{
    /// <summary>The place as messages begin: <c>run.yaml:12</c>.</summary>
    public string Place => Line > 0 ? $"{Source}:{Line}" : Source;
}

/// <summary>A single value, not yet of any type.</summary>
/// <param name="Source">The file, preset or flag.</param>
/// <param name="Line">From 1; 0 where the source has no lines.</param>
/// <param name="Text">The characters, without quotes.</param>
/// <param name="IsNull">An unquoted <c>null</c>, <c>~</c> or nothing at all.</param>
internal sealed record ScalarNode(string Source, int Line, string Text, bool IsNull) : SettingsNode(Source, Line);

/// <summary>A list.</summary>
internal sealed record SequenceNode(string Source, int Line, IReadOnlyList<SettingsNode> Items) : SettingsNode(Source, Line);

/// <summary>Keys with their values, in order.</summary>
internal sealed record MappingNode(string Source, int Line, IReadOnlyList<MappingEntry> Entries) : SettingsNode(Source, Line)
{
    public SettingsNode? this[string key] => Entries.FirstOrDefault(e => e.Key == key)?.Value;

    /// <summary>This layer with another on top: mappings are joined key by key, anything else is replaced.</summary>
    public MappingNode Under(MappingNode upper)
    {
        var merged = Entries.Select(e => upper.Entries.FirstOrDefault(u => u.Key == e.Key) is not { } over ? e
            : e.Value is MappingNode below && over.Value is MappingNode above ? over with { Value = below.Under(above) }
            : over);
        var added = upper.Entries.Where(u => Entries.All(e => e.Key != u.Key));
        return upper with { Entries = [.. merged, .. added] };
    }
}

/// <summary>A key with its value.</summary>
internal sealed record MappingEntry(string Key, int Line, SettingsNode Value);
