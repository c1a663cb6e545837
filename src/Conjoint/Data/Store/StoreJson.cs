using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>How the records of a store are written as JSON: camel case, indented, short lists of numbers on one line.</summary>
internal static class StoreJson
{
    public static JsonSerializerOptions Indented { get; } = Options(indented: true);

    public static JsonSerializerOptions OneLine { get; } = Options(indented: false);

    /// <summary>UTF-8 with line feeds and one at the end, the same on every system.</summary>
    public static byte[] Bytes<T>(T value) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(value, Indented) + "\n");

    private static JsonSerializerOptions Options(bool indented) => new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // readable names; the file is never put into a web page as it is
        WriteIndented = indented,
        NewLine = "\n",
        RespectNullableAnnotations = true, // a manifest may say anything: null where there is none is an error
        Converters =
        {
            new JsonStringEnumConverter(),
            new AffineConverter(),
            new ListConverter<double>(e => e.GetDouble(), v => v.ToString("R", CultureInfo.InvariantCulture)),
            new ListConverter<int>(e => e.GetInt32(), v => v.ToString(CultureInfo.InvariantCulture)),
            new ListConverter<bool>(e => e.GetBoolean(), v => v ? "true" : "false"),
        },
    };

    private sealed class ListConverter<T>(Func<JsonElement, T> read, Func<T, string> write) : JsonConverter<IReadOnlyList<T>>
    {
        public override IReadOnlyList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                throw new JsonException("A list is expected.");
            return [.. document.RootElement.EnumerateArray().Select(read)];
        }

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options) =>
            writer.WriteRawValue($"[{string.Join(", ", value.Select(write))}]");
    }

    /// <summary>[[xi, xj, xk, x0], [yi, …], [zi, …]].</summary>
    private sealed class AffineConverter : JsonConverter<Affine>
    {
        public override Affine Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            var rows = new double[3, 4];
            for (var r = 0; r < 3; r++)
            {
                for (var c = 0; c < 4; c++)
                    rows[r, c] = document.RootElement[r][c].GetDouble();
            }

            return new Affine(rows);
        }

        public override void Write(Utf8JsonWriter writer, Affine value, JsonSerializerOptions options)
        {
            var rows = Enumerable.Range(0, 3).Select(r =>
                $"[{string.Join(", ", Enumerable.Range(0, 4).Select(c => value[r, c].ToString("R", CultureInfo.InvariantCulture)))}]");
            writer.WriteRawValue($"[{string.Join(", ", rows)}]");
        }
    }
}
