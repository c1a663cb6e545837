using System.Text.Json;
using Conjoint.Runtime;

namespace Conjoint.Tasks.Prediction;

/// <summary>The files that a prediction of any task leaves: <c>predictions.json</c> and <c>predictions.csv</c>.</summary>
internal static class PredictionFiles
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // readable names; not for web pages
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Writes what was found, a record a scan.</summary>
    public static void WriteJson<T>(string folder, IReadOnlyList<T> found) =>
        AtomicFile.WriteText(Path.Combine(folder, "predictions.json"), JsonSerializer.Serialize(found, s_json) + "\n");

    /// <summary>Writes the table.</summary>
    public static void WriteTable(string folder, string table) => AtomicFile.WriteText(Path.Combine(folder, "predictions.csv"), table);

    /// <summary>A field as RFC 4180 wants it.</summary>
    public static string Quoted(string field) =>
        field.AsSpan().IndexOfAny(",\"\n\r") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
