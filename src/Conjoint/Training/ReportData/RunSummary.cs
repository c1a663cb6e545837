namespace Conjoint.Training.ReportData;

/// <summary>What was run, by which versions, on what kind of machine. No names of people, hosts or folders.</summary>
public sealed record RunSummary
{
    /// <summary>The verb and task in a few words: <c>Pre-training</c>, <c>Fine-tuning: segmentation</c>.</summary>
    public required string Title { get; init; }

    /// <summary>The command line, by <see cref="CommandText.From"/>.</summary>
    public string? Command { get; init; }

    /// <summary>The seed from which all random numbers of the run come.</summary>
    public long? Seed { get; init; }

    /// <summary>Versions by name: Conjoint, .NET, libtorch ...</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();

    /// <summary>Facts about the machine and the run by name: device, precision, threads, preset, method ...</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();
}
