using Conjoint.Data.Augmentation;

namespace Conjoint.Data;

/// <summary>One slice of a case.</summary>
/// <param name="Store">The store that holds it.</param>
/// <param name="Case">The case.</param>
/// <param name="Slice">Its number, from 0.</param>
public readonly record struct SliceSample(PreparedStore Store, StoreCase Case, int Slice);

/// <summary>
/// The slices that a run learns from: every slice of every chosen volume, and every chosen image. An index is unique over all
/// stores and data sets of the run, and the same in every epoch.
/// </summary>
public sealed class SliceSamples
{
    /// <summary>Slices with a smaller standard deviation on the [0, 1] scale are left out unless another limit is given: crops of air teach nothing.</summary>
    public const double DefaultMinimumStd = 0.005;

    private readonly List<CaseReference> _cases = [];
    private readonly List<(int Case, int Slice)> _slices = [];

    private SliceSamples()
    {
    }

    /// <summary>Number of slices.</summary>
    public int Count => _slices.Count;

    /// <summary>Number of slices left out because they are nearly constant.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The slice of an index.</summary>
    public SliceSample this[int index]
    {
        get
        {
            var (number, slice) = _slices[index];
            return new SliceSample(_cases[number].Store, _cases[number].Case, slice);
        }
    }

    /// <summary>The data set that a slice belongs to.</summary>
    internal string DataSetOf(int index) => _cases[_slices[index].Case].Case.Dataset;

    /// <summary>Collects the slices of the chosen cases, in the order of the stores and of their cases.</summary>
    /// <param name="stores">Stay the caller's to dispose, after the loaders.</param>
    /// <param name="choose">Which cases, e.g. those of <see cref="Split.Train"/>.</param>
    /// <param name="minimumStd">Slices below this standard deviation on the [0, 1] scale are left out; 0 keeps all.</param>
    public static SliceSamples Collect(IEnumerable<PreparedStore> stores, Func<StoreCase, bool> choose, double minimumStd = DefaultMinimumStd)
    {
        ArgumentNullException.ThrowIfNull(stores);
        ArgumentNullException.ThrowIfNull(choose);
        var samples = new SliceSamples();
        foreach (var store in stores)
        {
            foreach (var storeCase in store.Cases.Where(choose))
                samples.Add(new CaseReference(store, storeCase), minimumStd);
        }

        return samples;
    }

    /// <summary>At most <paramref name="count"/> of these samples, drawn without replacement, in their order here; they get new indices.</summary>
    /// <param name="count">At least 1.</param>
    /// <param name="random">Decides which.</param>
    public SliceSamples Draw(int count, RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentNullException.ThrowIfNull(random);
        if (count >= Count)
            return this;
        var drawn = new SliceSamples { LeftOut = LeftOut };
        drawn._cases.AddRange(_cases);
        drawn._slices.AddRange(random.Permutation(Count).Take(count).Order().Select(i => _slices[i]));
        return drawn;
    }

    private void Add(CaseReference reference, double minimumStd)
    {
        var std = minimumStd > 0 ? reference.Store.ReadSliceStd(reference.Case) : null;
        for (var n = 0; n < reference.Case.Slices; n++)
        {
            if (std is null || std[n] >= minimumStd)
                _slices.Add((_cases.Count, n));
            else
                LeftOut++;
        }

        _cases.Add(reference);
    }
}
