using System.Security.Cryptography;
using System.Text;
using Conjoint.Training;

namespace Conjoint.Benchmarks.Cells;

/// <summary>A piece of a table that is computed in one go: a pre-training, a fine-tuning, a probe.</summary>
public sealed record Cell
{
    /// <summary>A readable name, unique in the table, with '/' between its parts.</summary>
    public required string Id { get; init; }

    /// <summary>Cells that have to be finished before this one can begin; they come earlier in the table.</summary>
    public IReadOnlyList<Cell> Needs { get; init; } = [];

    /// <summary>All that decides the numbers, as a text: settings, cases, and what it takes from the cells that it needs.</summary>
    /// <remarks>Asked only when those are finished. What changes no number stays out of it, so that a cell can be taken over from another machine.</remarks>
    public required Func<IReadOnlyList<CellResult>, string> Settings { get; init; }

    /// <summary>Does the work. Interrupted, it is called again and may go on with what lies in its folders.</summary>
    public required Func<CellWork, CellOutcome> Compute { get; init; }

    /// <summary>Clears away what nobody needs once the result is recorded: a cell that is killed before that has its files to go on with. May be called
    /// again, and must leave alone what is not of this cell and digest.</summary>
    public Action<CellWork>? Tidy { get; init; }

    /// <summary>Whether the files that cells after it read are there, given its digest; null: it leaves no files.</summary>
    public Func<string, bool>? HasFiles { get; init; }

    /// <summary>A rough guess of its work in units of any one cell, for the time that is left.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Which cells take alike long for their weight, such as <c>finetune</c>.</summary>
    public string Kind => Id.Split('/')[0];

    /// <summary>The digest of the settings.</summary>
    /// <param name="needs">The results of <see cref="Needs"/>, in their order.</param>
    public string Digest(IReadOnlyList<CellResult> needs) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Id + "\n" + Settings(needs))))[..12];
}

/// <summary>What a cell is given when it is computed.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Needs">The results of the cells that it needs, in their order.</param>
/// <param name="Observer">Who watches.</param>
/// <param name="Cancellation">Asks to stop.</param>
public sealed record CellWork(string Digest, IReadOnlyList<CellResult> Needs, IRunObserver Observer, CancellationToken Cancellation);

/// <summary>The numbers of a computed cell.</summary>
/// <param name="Numbers">By name.</param>
/// <param name="Cases">A number for each scored case; empty where that has no meaning.</param>
public sealed record CellOutcome(IReadOnlyDictionary<string, double> Numbers, IReadOnlyDictionary<string, double>? Cases = null);
