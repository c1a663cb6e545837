using System.Text.Json;
using System.Text.Json.Serialization;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Training;

namespace Conjoint.Tasks.Embeddings;

/// <summary>Embeds scans, and writes the vectors as a NumPy array with their names beside it.</summary>
public static class ScanEmbedding
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // readable names; not for web pages
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Embeds every scan and writes [n, F] float32 to the file, and the names of its rows to the same name with <c>.json</c>.</summary>
    /// <param name="weights">A weights file or a run's folder.</param>
    /// <param name="inputs">Files, stacks of slices, or folders of either.</param>
    /// <param name="outputFile">The <c>.npy</c> file; its folder is made when missing.</param>
    /// <param name="settings">Everything else; null for the defaults.</param>
    /// <param name="observer">Who is told; null for nobody.</param>
    /// <param name="cancellation">Stops between scans; nothing is written then.</param>
    /// <returns>The names of the rows.</returns>
    /// <exception cref="InputDataException">The weights or an input can't be used. Of several scans, one that can't be read is left out.</exception>
    /// <exception cref="ConfigurationException">The file's folder can't be made.</exception>
    public static EmbeddingTable Run(
        string weights, IReadOnlyList<string> inputs, string outputFile, EmbedSettings? settings = null,
        IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentException.ThrowIfNullOrEmpty(outputFile);
        settings ??= new EmbedSettings();
        observer ??= SilentObserver.Instance;
        var folder = Path.GetDirectoryName(Path.GetFullPath(outputFile))!;
        var vectors = Of(weights, inputs, outputFile, settings, observer, () => OutputFolder.Create(folder), cancellation); // outputFile is no folder: nothing beside it is left out
        AtomicFile.Write(outputFile, stream => NpyFile.Write<float>(stream, vectors.Values, [vectors.Table.Rows.Count, vectors.Table.Width]));
        AtomicFile.WriteText(Path.ChangeExtension(outputFile, ".json"), JsonSerializer.Serialize(vectors.Table, s_json) + "\n");
        return vectors.Table;
    }

    /// <summary>Embeds every scan, and writes nothing.</summary>
    /// <param name="weights">A weights file or a run's folder.</param>
    /// <param name="inputs">Files, stacks of slices, or folders of either.</param>
    /// <param name="settings">Everything else; null for the defaults.</param>
    /// <param name="observer">Who is told; null for nobody.</param>
    /// <param name="cancellation">Stops between scans.</param>
    /// <returns>A vector for each slice or scan, with its name.</returns>
    /// <exception cref="InputDataException">The weights or an input can't be used. Of several scans, one that can't be read is left out.</exception>
    public static ScanVectors Embed(
        string weights, IReadOnlyList<string> inputs, EmbedSettings? settings = null, IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return Of(weights, inputs, null, settings ?? new EmbedSettings(), observer ?? SilentObserver.Instance, () => { }, cancellation);
    }

    private static ScanVectors Of(
        string weights, IReadOnlyList<string> inputs, string? output, EmbedSettings settings, IRunObserver observer, Action beforeWork, CancellationToken cancellation)
    {
        using var embedder = Embedder.Open(weights, settings.Device);
        foreach (var report in embedder.Loaded)
            observer.Log($"{weights}: {report}");
        var level = settings.Level ?? (embedder.VolumeWidth is null ? EmbeddingLevel.Slice : EmbeddingLevel.Volume);
        if (level == EmbeddingLevel.Volume && embedder.VolumeWidth is null)
            throw new InputDataException(weights, "holds no volume encoder; expected weights of the stages masked or volumes, or the level slice.");

        var prepare = Scaling.Of(embedder.Input).Settings() with { As = settings.As, Modality = settings.Modality };
        var scans = InferenceInputs.Find(inputs, prepare, output, observer);
        beforeWork();
        var (rows, values) = (new List<EmbeddingRow>(), new List<float>());
        foreach (var scan in scans.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            Embed(embedder, level, scan, rows, values);
            observer.Log($"{scan.Source}: {rows.Count} rows so far");
        }

        if (rows.Count == 0)
            throw new InputDataException(inputs[0], "none of the scans could be read.");
        return new ScanVectors(new EmbeddingTable(level, values.Count / rows.Count, rows), [.. values]);
    }

    private static void Embed(Embedder embedder, EmbeddingLevel level, InferenceScan scan, List<EmbeddingRow> rows, List<float> values)
    {
        var geometry = scan.Geometry(embedder.Input.Size);
        if (level == EmbeddingLevel.Volume)
        {
            rows.Add(new EmbeddingRow(scan.Id, scan.Source, null));
            values.AddRange(embedder.Volume(scan.Scan.Slices, geometry, scan.Read));
            return;
        }

        rows.AddRange(Enumerable.Range(0, scan.Scan.Slices).Select(n => new EmbeddingRow(scan.Id, scan.Source, n)));
        values.AddRange(embedder.Slices(scan.Scan.Slices, geometry, scan.Read));
    }
}
