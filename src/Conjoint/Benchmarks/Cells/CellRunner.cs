using Conjoint.Training;

namespace Conjoint.Benchmarks.Cells;

/// <summary>Computes the cells of a table in order, beside other processes that do the same, and passes over what is finished.</summary>
/// <remarks>A killed process loses the cell that it was at and nothing else.</remarks>
public sealed class CellRunner
{
    private readonly IReadOnlyList<Cell> _cells;
    private readonly CellStore _store;
    private readonly CellLocks _locks;
    private readonly TimeSpan _pause;

    // Digests are asked for again and again; once a cell's needs are finished, its own doesn't change any more.
    private readonly Dictionary<Cell, string> _digests = new(ReferenceEqualityComparer.Instance);

    /// <summary>A runner over a folder.</summary>
    /// <param name="cells">All cells, each after those that it needs.</param>
    /// <param name="folder">The table's folder.</param>
    /// <exception cref="ArgumentException">Two cells have one name, or one comes before a cell that it needs.</exception>
    public CellRunner(IReadOnlyList<Cell> cells, string folder)
    {
        ArgumentNullException.ThrowIfNull(cells);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cell in cells)
        {
            if (cell.Needs.FirstOrDefault(n => !seen.Contains(n.Id)) is { } late)
                throw new ArgumentException($"'{cell.Id}' comes before '{late.Id}', which it needs.", nameof(cells));
            if (!seen.Add(cell.Id))
                throw new ArgumentException($"Two cells are named '{cell.Id}'.", nameof(cells));
        }

        (_cells, _store, _locks, _pause) = (cells, new CellStore(folder), new CellLocks(folder), TimeSpan.FromSeconds(0.5));
    }

    /// <summary>How many cells there are.</summary>
    public int Count => _cells.Count;

    /// <summary>How many of them are finished.</summary>
    public int Finished => _cells.Count(c => Result(c) is not null);

    /// <summary>The result of a cell; null for one that isn't finished with the settings of today.</summary>
    public CellResult? Result(Cell cell) => Digest(cell) is { } digest ? _store.Find(cell.Id, digest) : null;

    /// <summary>Works until every cell is finished, by this process or another.</summary>
    /// <param name="observer">Who watches.</param>
    /// <param name="finished">Called after each cell that this process has finished, and at the end.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public void Run(IRunObserver observer, Action finished, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(observer);
        ArgumentNullException.ThrowIfNull(finished);
        TidyFinished(observer, cancellation);
        var clock = new CellClock(_cells, Result);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            _store.Refresh();
            if (Finished == Count)
                break;
            if (Next() is not { } claimed)
            {
                // What is left is another process's work, or waits for it.
                cancellation.WaitHandle.WaitOne(_pause);
                continue;
            }

            using (claimed.Lock)
                Compute(claimed.Cell, claimed.Lock, clock, observer, cancellation);
            finished();
        }

        finished();
    }

    private void Compute(Cell cell, FileStream lockFile, CellClock clock, IRunObserver observer, CancellationToken cancellation)
    {
        var digest = Digest(cell)!;
        observer.Log($"cell {Finished + 1} of {Count}: {cell.Id}{clock.Left()}");
        using var watch = new CellStopwatch(lockFile, digest);
        var work = new CellWork(digest, Needs(cell)!, new CellObserver(observer, cell.Id), cancellation);
        var outcome = cell.Compute(work);
        _store.Add(new CellResult { Cell = cell.Id, Digest = digest, Seconds = watch.Seconds, Numbers = outcome.Numbers, Cases = outcome.Cases ?? new Dictionary<string, double>() });
        watch.Finish();
        cell.Tidy?.Invoke(work);
    }

    /// <summary>What a process could not clear away any more that was killed between a result and that.</summary>
    private void TidyFinished(IRunObserver observer, CancellationToken cancellation)
    {
        foreach (var cell in _cells.Where(c => c.Tidy is not null && Result(c) is not null))
        {
            using var claim = _locks.TryTake(cell.Id);
            if (claim is not null)
                cell.Tidy!(new CellWork(Digest(cell)!, Needs(cell)!, new CellObserver(observer, cell.Id), cancellation));
        }
    }

    /// <summary>The first cell that can be computed and that no other process is at.</summary>
    private (Cell Cell, FileStream Lock)? Next()
    {
        foreach (var cell in _cells)
        {
            if (!IsOpen(cell))
                continue;
            var claim = _locks.TryTake(cell.Id);
            if (claim is null)
                continue;
            // Another process may have finished it between the look and the lock.
            _store.Refresh();
            if (IsOpen(cell))
                return (cell, claim);
            claim.Dispose();
        }

        return null;
    }

    /// <summary>Whether there is something to do that can be done now.</summary>
    private bool IsOpen(Cell cell)
    {
        if (Digest(cell) is not { } digest)
            return false;
        if (_store.Find(cell.Id, digest) is not null)
            return cell.HasFiles?.Invoke(digest) == false && AreFilesWanted(cell);
        return cell.Needs.All(HasFiles);
    }

    /// <summary>Files of a finished cell are missed only by cells that aren't finished, or that are themselves missed.</summary>
    private bool AreFilesWanted(Cell cell) =>
        cell.Needs.All(HasFiles) && _cells.Any(c => c.Needs.Contains(cell) && (Result(c) is null || (!HasFiles(c) && _cells.Any(d => d.Needs.Contains(c) && Result(d) is null))));

    private bool HasFiles(Cell cell) => cell.HasFiles is null || (Digest(cell) is { } digest && cell.HasFiles(digest));

    /// <summary>The digest; null while a cell that it needs isn't finished.</summary>
    private string? Digest(Cell cell)
    {
        if (!_digests.TryGetValue(cell, out var digest) && Needs(cell) is { } needs)
            _digests[cell] = digest = cell.Digest(needs);
        return digest;
    }

    private CellResult[]? Needs(Cell cell)
    {
        var needs = new CellResult[cell.Needs.Count];
        for (var i = 0; i < needs.Length; i++)
        {
            if (Result(cell.Needs[i]) is not { } result)
                return null;
            needs[i] = result;
        }

        return needs;
    }
}
