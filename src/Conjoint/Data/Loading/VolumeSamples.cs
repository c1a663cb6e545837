namespace Conjoint.Data;

/// <summary>The volumes that a run learns from. An index is unique over all stores and data sets of the run, and the same in every epoch.</summary>
public sealed class VolumeSamples
{
    private readonly List<CaseReference> _volumes = [];

    private VolumeSamples()
    {
    }

    /// <summary>Number of volumes.</summary>
    public int Count => _volumes.Count;

    /// <summary>The volume of an index.</summary>
    public CaseReference this[int index] => _volumes[index];

    /// <summary>Collects the chosen volumes (<see cref="CaseKind.Volume"/>; plain images are none), in the order of the stores and of their cases.</summary>
    /// <param name="stores">Stay the caller's to dispose, after the loaders.</param>
    /// <param name="choose">Which cases, e.g. those of <see cref="Split.Train"/>.</param>
    public static VolumeSamples Collect(IEnumerable<PreparedStore> stores, Func<StoreCase, bool> choose)
    {
        ArgumentNullException.ThrowIfNull(stores);
        ArgumentNullException.ThrowIfNull(choose);
        var samples = new VolumeSamples();
        foreach (var store in stores)
        {
            samples._volumes.AddRange(store.Cases
                .Where(c => c.Kind == CaseKind.Volume && choose(c))
                .Select(c => new CaseReference(store, c)));
        }

        return samples;
    }
}
