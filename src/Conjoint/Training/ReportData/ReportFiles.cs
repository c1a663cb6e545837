using System.Text.Json;
using Conjoint.Imaging;

namespace Conjoint.Training.ReportData;

/// <summary>
/// Reads and writes <c>RUN/report/*.json</c>: what only the report needs. Names are snake_case, pictures are PNG in base64.
/// </summary>
public static class ReportFiles
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
    };

    /// <summary>Who ran what with which versions: <c>run.json</c>.</summary>
    public static void Write(RunFolder folder, RunSummary summary) => WriteJson(folder, "run.json", summary);

    /// <summary>What the run learned from: <c>data.json</c>.</summary>
    public static void Write(RunFolder folder, DataSummary summary) => WriteJson(folder, "data.json", summary);

    /// <summary>The slices nearest to each prototype: <c>prototypes_STAGE.json</c>, one file a stage.</summary>
    public static void Write(RunFolder folder, PrototypeNeighbours neighbours)
    {
        ArgumentNullException.ThrowIfNull(neighbours);
        WriteJson(folder, $"prototypes_{neighbours.Stage}.json", neighbours);
    }

    /// <summary>The plane of embeddings: <c>embedding_map_LEVEL.json</c>, one file a level.</summary>
    public static void Write(RunFolder folder, EmbeddingMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        WriteJson(folder, $"embedding_map_{map.Level}.json", map);
    }

    /// <summary>Predicted and true masks: <c>overlays.json</c>.</summary>
    public static void Write(RunFolder folder, OverlayPictures overlays) => WriteJson(folder, "overlays.json", overlays);

    /// <summary>Curves of a detector: <c>detection_curves.json</c>.</summary>
    public static void Write(RunFolder folder, DetectionCurves curves) => WriteJson(folder, "detection_curves.json", curves);

    internal static RunSummary? ReadRun(RunFolder folder) => Read<RunSummary>(folder, "run.json").FirstOrDefault();

    internal static DataSummary? ReadData(RunFolder folder) => Read<DataSummary>(folder, "data.json").FirstOrDefault();

    internal static IReadOnlyList<PrototypeNeighbours> ReadPrototypes(RunFolder folder) =>
        Read<PrototypeNeighbours>(folder, "prototypes*.json");

    internal static IReadOnlyList<EmbeddingMap> ReadEmbeddingMaps(RunFolder folder) =>
        Read<EmbeddingMap>(folder, "embedding_map*.json");

    internal static OverlayPictures? ReadOverlays(RunFolder folder) =>
        Read<OverlayPictures>(folder, "overlays.json").FirstOrDefault();

    internal static DetectionCurves? ReadDetectionCurves(RunFolder folder) =>
        Read<DetectionCurves>(folder, "detection_curves.json").FirstOrDefault();

    private static void WriteJson<T>(RunFolder folder, string name, T content)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(content);
        Directory.CreateDirectory(folder.ReportData);
        var path = Path.Combine(folder.ReportData, name);
        // Renamed into place, so that a killed run never leaves half a file for the report to stumble over.
        File.WriteAllBytes(path + ".tmp", JsonSerializer.SerializeToUtf8Bytes(content, Json));
        File.Move(path + ".tmp", path, overwrite: true);
    }

    private static T[] Read<T>(RunFolder folder, string pattern)
    {
        if (!Directory.Exists(folder.ReportData))
            return [];
        return [.. Directory.EnumerateFiles(folder.ReportData, pattern).Order(StringComparer.Ordinal).Select(ReadJson<T>)];
    }

    private static T ReadJson<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Json)
                ?? throw new InputDataException(path, "holds null; expected the report data that a run writes.");
        }
        catch (JsonException error)
        {
            throw new InputDataException(path, "is no report data as a run writes it; remove it to make the report without it.", error);
        }
    }
}
