using Conjoint.Benchmarks.Cells;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Training;

namespace Conjoint.Benchmarks.Learning;

/// <summary>The prepared stores of the learning protocol, each by what it is used for.</summary>
public sealed class LearningData : IDisposable
{
    private static readonly (string Name, string Source)[] s_real =
    [
        ("hippocampus", "seg3d/hippocampus"),
        ("brats2013_2mm", "seg3d/brats2013_2mm"),
        ("pretrain2d", "pretrain2d"),
        ("stacks", "stacks"),
        ("volumes", "volumes"),
        ("cxr_lung", "seg2d/cxr_lung"),
        ("adrenal", "cls3d/adrenalmnist3d_64_dev.npz"),
    ];

    private static readonly string[] s_phantoms = ["ct", "mr", "radiographs"];

    private LearningData(string folder, IReadOnlyList<string> names, bool arePhantoms)
    {
        PreparedStore? Of(string name) => names.Contains(name) ? PreparedStore.Open(Path.Combine(folder, name)) : null;
        Segmentation = Of(arePhantoms ? "ct" : "hippocampus")!;
        ImageClasses = Of(arePhantoms ? "radiographs" : "cxr_lung");
        VolumeClasses = Of(arePhantoms ? "ct" : "adrenal");
        Pretraining = [.. names.Where(n => n != "adrenal").Select(n => Path.Combine(folder, n))];
        PretrainingText = string.Concat(Pretraining.Select(f =>
        {
            using var store = PreparedStore.Open(f);
            return TableStores.CasesText(store.Cases.Where(c => c.Split == Split.Train));
        }));
    }

    /// <summary>The store whose masks are learned, and whose slices have positions.</summary>
    public PreparedStore Segmentation { get; }

    /// <summary>Images of two classes; null where there are none.</summary>
    public PreparedStore? ImageClasses { get; }

    /// <summary>Volumes of two classes, none of them seen by pre-training at scale <c>small</c>; null where there are none.</summary>
    public PreparedStore? VolumeClasses { get; }

    /// <summary>Folders of the stores that pre-training reads the training cases of.</summary>
    public IReadOnlyList<string> Pretraining { get; }

    /// <summary>Those cases, for the digest of a pre-training.</summary>
    internal string PretrainingText { get; }

    /// <summary>Prepares the stores, unless that was done before, and opens them. One process at a time.</summary>
    /// <param name="folder">The table's folder.</param>
    /// <param name="data">A folder of data sets, or null for phantoms.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="InputDataException">There is no hippocampus, or a set can't be used.</exception>
    public static LearningData Prepare(string folder, string? data, IRunObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var stores = Path.Combine(folder, "store");
        var names = TableStores.Prepare(folder, () => data is null ? Phantoms(folder, stores, observer, cancellation) : Real(data), observer, cancellation);
        return new LearningData(stores, names, arePhantoms: data is null);
    }

    private static List<(string Name, string Source)> Real(string data)
    {
        var found = s_real.Select(s => (s.Name, Source: Path.Combine(data, s.Source))).Where(s => Path.Exists(s.Source)).ToList();
        return found.Exists(s => s.Name == s_real[0].Name)
            ? found
            : throw new InputDataException(data, $"has no {s_real[0].Source}, whose masks the protocol learns; expected it, and as many as there are of {string.Join(", ", s_real.Skip(1).Select(s => s.Source))}");
    }

    internal static List<(string Name, string Source)> Phantoms(string folder, string stores, IRunObserver observer, CancellationToken cancellation)
    {
        var data = Path.Combine(folder, "data");
        List<(string Name, string Source)> sources = [.. s_phantoms.Select(kind => (kind, Path.Combine(data, kind)))];
        if (!sources.TrueForAll(s => PreparedStore.IsStore(Path.Combine(stores, s.Name))))
        {
            observer.Log("making phantoms");
            LearningPhantoms.Write(data, cancellation);
        }

        return sources;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Segmentation.Dispose();
        ImageClasses?.Dispose();
        VolumeClasses?.Dispose();
    }
}
