using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Conjoint.Runtime.Settings;

/// <summary>Reads a YAML document into nodes that know their lines.</summary>
/// <remarks>
/// Works on the parser's events, so that nothing is built that was not checked: tags name no types here, and anchors, by which
/// a small file can stand for a huge one, are refused.
/// </remarks>
internal sealed class SettingsReader(string source, string text)
{
    /// <summary>More nesting than any settings have; keeps a hostile file from exhausting the stack.</summary>
    private const int MaxDepth = 32;

    private const int MaxLength = 1 << 20;

    /// <exception cref="ConfigurationException">Not YAML, or YAML that settings do without; the message names the line.</exception>
    public SettingsNode Read()
    {
        if (text.Length > MaxLength)
            throw new ConfigurationException($"{source}: {text.Length} characters are too many for settings; expected at most {MaxLength}.");
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                return new MappingNode(source, 0, []);
            parser.Consume<DocumentStart>();
            var node = Value(parser, 0);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out var more))
                throw Fault(parser.Current!, "a second document begins here; expected one");
            return node;
        }
        catch (YamlException exception)
        {
            throw new ConfigurationException($"{source}:{exception.Start.Line}: not valid YAML ({exception.Message.TrimEnd('.')}).", exception);
        }
    }

    private SettingsNode Value(IParser parser, int depth)
    {
        if (depth > MaxDepth)
            throw Fault(parser.Current!, $"nested more than {MaxDepth} levels deep");
        if (parser.Accept<AnchorAlias>(out var alias))
            throw Fault(alias, "aliases are not allowed; write the value out");
        if (parser.Current is NodeEvent node)
        {
            if (!node.Anchor.IsEmpty)
                throw Fault(node, "anchors are not allowed; write the value out where it is needed");
            if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
                throw Fault(node, $"the tag {node.Tag} is not allowed; values take the type of their key");
        }

        var line = (int)parser.Current!.Start.Line;
        if (parser.TryConsume<Scalar>(out var scalar))
            return new ScalarNode(source, line, scalar.Value, IsNull(scalar));
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<SettingsNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
                items.Add(Value(parser, depth + 1));
            return new SequenceNode(source, line, items);
        }

        parser.Consume<MappingStart>();
        return new MappingNode(source, line, Entries(parser, depth));
    }

    private List<MappingEntry> Entries(IParser parser, int depth)
    {
        var entries = new List<MappingEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var at = parser.Current!;
            if (Value(parser, depth + 1) is not ScalarNode { IsNull: false } key)
                throw Fault(at, "a key has to be a word");
            if (entries.FirstOrDefault(e => e.Key == key.Text) is { } earlier)
                throw Fault(at, $"{key.Text} stands here and in line {earlier.Line}; expected it once");
            entries.Add(new MappingEntry(key.Text, key.Line, Value(parser, depth + 1)));
        }

        return entries;
    }

    private static bool IsNull(Scalar scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is ("" or "~" or "null");

    private ConfigurationException Fault(ParsingEvent at, string message) => new($"{source}:{at.Start.Line}: {message}.");
}
