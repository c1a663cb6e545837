using Conjoint.Data;
using Conjoint.Training;

namespace Conjoint.Benchmarks.Cells;

/// <summary>The prepared stores in a table's folder.</summary>
internal static class TableStores
{
    /// <summary>The folder of a store.</summary>
    public static string Folder(string table, string name) => Path.Combine(table, "store", name);

    /// <summary>Prepares every source that has no store yet. One process at a time.</summary>
    /// <param name="table">The table's folder.</param>
    /// <param name="find">Names of stores, and where their scans lie; may make phantoms, since no other process is at it.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <param name="settingsOf">How a store of a name is prepared; null for the defaults.</param>
    /// <returns>The names.</returns>
    public static IReadOnlyList<string> Prepare(
        string table, Func<IReadOnlyList<(string Name, string Source)>> find, IRunObserver observer, CancellationToken cancellation, Func<string, PrepareSettings>? settingsOf = null)
    {
        using var exclusive = new CellLocks(table).Wait("prepare", cancellation);
        var sources = find();
        foreach (var (name, source) in sources)
        {
            var store = Folder(table, name);
            if (PreparedStore.IsStore(store))
                continue;
            var summary = new Preparer(settingsOf?.Invoke(name) ?? new PrepareSettings()).Run([source], store, null, cancellation);
            observer.Log($"store {name}: {summary.Volumes} volumes, {summary.Images} images, {summary.WithMask} with a mask, {summary.Skipped.Count} left out");
        }

        return [.. sources.Select(s => s.Name)];
    }

    /// <summary>Ids and checksums of cases, which say whether two cells saw the same.</summary>
    public static string CasesText(IEnumerable<StoreCase> cases) =>
        string.Concat(cases.Select(c => $"{c.Split} {c.Id} {c.ImageChecksum} {c.MaskChecksum} {c.Label}\n"));
}
