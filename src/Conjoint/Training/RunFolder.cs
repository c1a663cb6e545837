using Conjoint.Runtime;

namespace Conjoint.Training;

/// <summary>Where everything of one run lies. Paths only: nothing is read or written except by <see cref="Create"/>.</summary>
/// <param name="Path">The run's folder, as the user named it.</param>
public sealed record RunFolder(string Path)
{
    /// <summary>The fully resolved configuration; reading it again gives the same run.</summary>
    public string Config => In("config.yaml");

    /// <summary>One JSON object a line: losses, rates, monitors and test scores.</summary>
    public string Metrics => In("metrics.jsonl");

    /// <summary>The folder of checkpoints.</summary>
    public string Checkpoints => In("checkpoints");

    /// <summary>The final weights of the run.</summary>
    public string Weights => In("weights.safetensors");

    /// <summary>Hashes of what the run learned from; see <see cref="Training.TrainingContent"/>.</summary>
    public string TrainingContent => In("training_content.json");

    /// <summary>The self-contained report.</summary>
    public string Report => In("report.html");

    /// <summary>The folder of data that only the report needs.</summary>
    public string ReportData => In("report");

    /// <summary>The final weights of one stage.</summary>
    /// <param name="stage"><c>slices</c>, <c>masked</c> or <c>volumes</c>.</param>
    public string StageWeights(string stage) => In("weights", stage + ".safetensors");

    /// <summary>The run's TensorBoard event file, or null while there is none. The oldest, should there be several.</summary>
    public string? FindEvents() =>
        Directory.Exists(Path)
            ? Directory.EnumerateFiles(Path, "events.out.tfevents.*").Order(StringComparer.Ordinal).FirstOrDefault()
            : null;

    /// <summary>Makes the folder and its fixed subfolders, where they are missing.</summary>
    /// <exception cref="ConfigurationException">The folder cannot be made.</exception>
    public static RunFolder Create(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var folder = new RunFolder(path);
        foreach (var inner in (ReadOnlySpan<string>)[folder.Path, folder.Checkpoints, folder.ReportData, folder.In("weights")])
            OutputFolder.Create(inner);
        return folder;
    }

    private string In(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);
}
