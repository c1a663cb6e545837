using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Conjoint.Training.Monitoring;

/// <summary>
/// One line of <c>metrics.jsonl</c>: values by snake_case name, in the order in which they were added.
/// </summary>
/// <remarks>
/// JSON has no NaN and no infinity: such a number is written as <c>null</c>, and its name stands in the line's last value,
/// <c>"non_finite": [names]</c>. Numbers are written in their shortest form that reads back to the same bits.
/// </remarks>
public sealed partial class MetricsLine
{
    /// <summary>The name under which the names of non-finite values are listed.</summary>
    public const string NonFiniteKey = "non_finite";

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly OrderedDictionary<string, object?> values = new(StringComparer.Ordinal);

    private MetricsLine()
    {
    }

    /// <summary>Begins a line.</summary>
    /// <param name="stage">What was going on: <c>slices</c>, <c>masked</c>, <c>volumes</c>, <c>finetune</c>, <c>test</c>, <c>comparison</c>.</param>
    public MetricsLine(string stage) => Add("stage", stage);

    /// <summary>What was going on.</summary>
    public string Stage => Text("stage") ?? "";

    /// <summary>Names and values in order. A value is a <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, <see cref="bool"/> or null.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Values => values;

    /// <summary>Names of values that are NaN or infinite.</summary>
    public IReadOnlyList<string> NonFinite { get; private set; } = [];

    /// <summary>Adds a number, finite or not.</summary>
    /// <exception cref="ArgumentException">The name is not snake_case, or is there already.</exception>
    public MetricsLine Add(string key, double value)
    {
        var finite = double.IsFinite(value);
        Put(key, finite ? value : null);
        if (!finite)
            NonFinite = [.. NonFinite, key];
        return this;
    }

    /// <summary>Adds a whole number.</summary>
    /// <exception cref="ArgumentException">The name is not snake_case, or is there already.</exception>
    public MetricsLine Add(string key, long value) => Put(key, value);

    /// <summary>Adds a text.</summary>
    /// <exception cref="ArgumentException">The name is not snake_case, or is there already.</exception>
    public MetricsLine Add(string key, string value) => Put(key, value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>Adds a flag.</summary>
    /// <exception cref="ArgumentException">The name is not snake_case, or is there already.</exception>
    public MetricsLine Add(string key, bool value) => Put(key, value);

    /// <summary>Whether the line has a value of this name, null included.</summary>
    public bool Has(string key) => values.ContainsKey(key);

    /// <summary>The number of this name; NaN where it was not finite; null where the line has no such number.</summary>
    public double? Number(string key) =>
        !values.TryGetValue(key, out var value) ? null
        : value switch
        {
            double number => number,
            long whole => whole,
            null when NonFinite.Contains(key) => double.NaN,
            _ => null,
        };

    /// <summary>The whole number of this name, or null.</summary>
    public long? Integer(string key) => values.TryGetValue(key, out var value) && value is long whole ? whole : null;

    /// <summary>The text of this name, or null.</summary>
    public string? Text(string key) => values.TryGetValue(key, out var value) ? value as string : null;

    /// <summary>The flag of this name; false where there is none.</summary>
    public bool Flag(string key) => values.TryGetValue(key, out var value) && value is true;

    /// <summary>The line as JSON, without a line end.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            foreach (var (key, value) in values)
                WriteValue(json, key, value);
            if (NonFinite.Count > 0)
            {
                json.WriteStartArray(NonFiniteKey);
                foreach (var key in NonFinite)
                    json.WriteStringValue(key);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads one line. Values that are objects or arrays are passed over: they are another program's.</summary>
    /// <param name="json">One JSON object.</param>
    /// <param name="line">The line, or null when <paramref name="json"/> is not one JSON object.</param>
    public static bool TryParse(string json, [NotNullWhen(true)] out MetricsLine? line)
    {
        line = null;
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return false;
            line = FromElement(document.RootElement);
            return true;
        }
        catch (JsonException)
        {
            return false; // The answer "no" is this method's result; the reader decides what it means at that place.
        }
    }

    private static MetricsLine FromElement(JsonElement element)
    {
        var line = new MetricsLine();
        foreach (var property in element.EnumerateObject())
        {
            if (property.Name == NonFiniteKey && property.Value.ValueKind == JsonValueKind.Array)
                line.NonFinite = [.. property.Value.EnumerateArray().Select(name => name.ToString())];
            else if (property.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
                line.values[property.Name] = FromValue(property.Value);
        }

        return line;
    }

    private static object? FromValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? (object)whole : value.GetDouble(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static void WriteValue(Utf8JsonWriter json, string key, object? value)
    {
        switch (value)
        {
            case double number: json.WriteNumber(key, number); break;
            case long whole: json.WriteNumber(key, whole); break;
            case string text: json.WriteString(key, text); break;
            case bool flag: json.WriteBoolean(key, flag); break;
            default: json.WriteNull(key); break;
        }
    }

    private MetricsLine Put(string key, object? value)
    {
        if (!SnakeCase().IsMatch(key) || key == NonFiniteKey)
            throw new ArgumentException($"'{key}' is no name of a metric; expected snake_case as in 'samples_per_second'.", nameof(key));
        if (!values.TryAdd(key, value))
            throw new ArgumentException($"The line has a value '{key}' already.", nameof(key));
        return this;
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex SnakeCase();
}
