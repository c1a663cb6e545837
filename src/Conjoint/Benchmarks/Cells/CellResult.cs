namespace Conjoint.Benchmarks.Cells;

/// <summary>What a finished cell came to: one line of <c>cells.jsonl</c>.</summary>
public sealed record CellResult
{
    /// <summary>Name of the cell.</summary>
    public required string Cell { get; init; }

    /// <summary>What decided the numbers, as a digest; a cell of another digest is another cell.</summary>
    public required string Digest { get; init; }

    /// <summary>How long it took: of a cell that was interrupted, all its pieces together.</summary>
    public double Seconds { get; init; }

    /// <summary>Its numbers by name.</summary>
    public IReadOnlyDictionary<string, double> Numbers { get; init; } = new Dictionary<string, double>();

    /// <summary>A number for each case or subject that was scored; empty where that has no meaning.</summary>
    public IReadOnlyDictionary<string, double> Cases { get; init; } = new Dictionary<string, double>();
}
