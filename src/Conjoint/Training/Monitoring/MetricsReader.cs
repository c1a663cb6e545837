using Conjoint.Imaging;

namespace Conjoint.Training.Monitoring;

/// <summary>Reads <c>metrics.jsonl</c>, also while a run still writes it.</summary>
public static class MetricsReader
{
    /// <summary>All lines of a log. An incomplete last line, as a killed process may leave, is passed over; empty lines too.</summary>
    /// <exception cref="InputDataException">The file is missing, or a line other than the last is no JSON object.</exception>
    public static IReadOnlyList<MetricsLine> Read(string path)
    {
        if (!File.Exists(path))
            throw new InputDataException(path, "no such file; expected the metrics of a run, one JSON object a line.");

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd().Split('\n');
        var lines = new List<MetricsLine>();
        for (var i = 0; i < text.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(text[i]))
                continue;
            if (MetricsLine.TryParse(text[i], out var line))
                lines.Add(line);
            else if (i < text.Length - 1)
                throw new InputDataException(path, $"line {i + 1} is no JSON object; expected one object a line.");
        }

        return lines;
    }
}
