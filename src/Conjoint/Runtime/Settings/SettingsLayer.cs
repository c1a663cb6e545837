namespace Conjoint.Runtime.Settings;

/// <summary>Settings from one place: a preset, a file, a flag. Later layers go over earlier ones, key by key.</summary>
public sealed class SettingsLayer
{
    private SettingsLayer(MappingNode root) => Root = root;

    internal MappingNode Root { get; }

    /// <summary>Reads YAML.</summary>
    /// <param name="source">What messages call it: a file's path or, say, "preset small".</param>
    /// <param name="yaml">One document with a mapping at its top; empty is no settings.</param>
    /// <exception cref="ConfigurationException">Not such a document.</exception>
    public static SettingsLayer FromText(string source, string yaml)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentNullException.ThrowIfNull(yaml);
        return new SettingsReader(source, yaml).Read() switch
        {
            MappingNode mapping => new SettingsLayer(mapping),
            ScalarNode { IsNull: true } => new SettingsLayer(new MappingNode(source, 0, [])),
            var other => throw new ConfigurationException($"{other.Place}: settings are keys with values, 'key: value'; found none."),
        };
    }

    /// <summary>Reads a YAML file.</summary>
    /// <exception cref="ConfigurationException">There is no such file, or it is no such document.</exception>
    public static SettingsLayer FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return FromText(path, File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: the settings can't be read; expected a YAML file ({exception.Message.TrimEnd('.')}).", exception);
        }
    }

    /// <summary>Reads a <c>--set</c> argument such as <c>slices.epochs=3</c> or <c>prototypes=[64, 64]</c>.</summary>
    /// <exception cref="ConfigurationException">No equals sign, an empty key, or a value that is not YAML.</exception>
    public static SettingsLayer FromAssignment(string assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            throw new ConfigurationException($"--set {assignment}: expected key=value, such as slices.epochs=3.");
        return FromValue($"--set {assignment}", assignment[..equals].Trim(), assignment[(equals + 1)..]);
    }

    /// <summary>One value that a flag of the command line stands for.</summary>
    /// <param name="source">The flag, as messages call it.</param>
    /// <param name="key">The key, with dots between the levels.</param>
    /// <param name="value">The value as YAML.</param>
    /// <exception cref="ConfigurationException">An empty part in the key, or a value that is not YAML.</exception>
    public static SettingsLayer FromValue(string source, string key, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        var parts = key.Split('.');
        if (parts.Any(string.IsNullOrWhiteSpace))
            throw new ConfigurationException($"{source}: the key '{key}' has an empty part; expected names with dots between them.");

        var read = new SettingsReader(source, value).Read();
        // An empty text reads as no document at all, which means null here.
        var node = WithoutLines(value.Trim().Length == 0 ? new ScalarNode(source, 0, "", true) : read);
        foreach (var part in parts.Reverse())
            node = new MappingNode(source, 0, [new MappingEntry(part, 0, node)]);
        return new SettingsLayer((MappingNode)node);
    }

    /// <summary>A flag has no lines to name.</summary>
    private static SettingsNode WithoutLines(SettingsNode node) => node switch
    {
        SequenceNode sequence => sequence with { Line = 0, Items = [.. sequence.Items.Select(WithoutLines)] },
        MappingNode mapping => mapping with { Line = 0, Entries = [.. mapping.Entries.Select(e => e with { Line = 0, Value = WithoutLines(e.Value) })] },
        _ => node with { Line = 0 },
    };
}
