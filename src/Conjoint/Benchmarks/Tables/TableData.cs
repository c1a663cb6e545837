using Conjoint.Benchmarks.Cells;
using Conjoint.Benchmarks.Learning;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Training;

namespace Conjoint.Benchmarks.Tables;

/// <summary>The prepared stores of a table: those that are pre-trained on, and one a column.</summary>
public sealed class TableData : IDisposable
{
    private static readonly (string Name, string Source)[] s_pretraining =
    [
        ("hippocampus", "seg3d/hippocampus"), ("brats2013_2mm", "seg3d/brats2013_2mm"), ("pretrain2d", "pretrain2d"), ("stacks", "stacks"), ("volumes", "volumes"),
        ("cxr_lung", "seg2d/cxr_lung"),
    ];

    private static readonly (string Name, string Source)[] s_labelled =
        [("hippocampus", "seg3d/hippocampus"), ("adrenal", "cls3d/adrenalmnist3d_64_dev.npz"), ("lung_boxes", "det2d/lung_boxes"), ("jsrt", "seg2d/jsrt")];

    private readonly Dictionary<string, PreparedStore> _sets;

    private TableData(IReadOnlyList<string> pretraining, Dictionary<string, PreparedStore> sets)
    {
        (Pretraining, _sets) = (pretraining, sets);
        PretrainingText = string.Concat(pretraining.Select(folder =>
        {
            using var store = PreparedStore.Open(folder);
            return TableStores.CasesText(store.Cases.Where(c => c.Split == Split.Train));
        }));
    }

    /// <summary>Folders of the stores whose training cases are pre-trained on.</summary>
    public IReadOnlyList<string> Pretraining { get; }

    /// <summary>Those cases, for the digests.</summary>
    internal string PretrainingText { get; }

    /// <summary>The store of a column.</summary>
    public PreparedStore Set(TableColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return _sets[column.Set];
    }

    /// <summary>Prepares what isn't prepared yet, and opens it.</summary>
    /// <param name="folder">The table's folder.</param>
    /// <param name="data">
    /// Scale <c>small</c>: a folder of raw data sets; <c>full</c>: a folder of prepared stores, named as the columns' sets and <c>universal</c> or
    /// <c>unified</c>; null: phantoms.
    /// </param>
    /// <param name="table">The table.</param>
    /// <param name="scale"><c>tiny</c>, <c>small</c> or <c>full</c>.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="InputDataException">Something is missing or can't be used.</exception>
    public static TableData Prepare(string folder, string? data, PaperTable table, string scale, IRunObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(observer);
        string[] sets = [.. table.Columns.Select(c => c.Set).Distinct()];
        if (scale == "full")
        {
            var mixture = table.Number == 6 ? "unified" : "universal";
            foreach (var name in sets.Append(mixture).Where(n => !PreparedStore.IsStore(Path.Combine(data!, n))))
                throw new InputDataException(data!, $"has no prepared store '{name}'; expected the stores {string.Join(", ", sets.Append(mixture))}, made with 'conjoint prepare --dataset NAME --out {data}/NAME'");
            return Open([Path.Combine(data!, mixture)], name => Path.Combine(data!, name));
        }

        var names = TableStores.Prepare(folder, () => data is null ? LearningData.Phantoms(folder, Path.Combine(folder, "store"), observer, cancellation) : Raw(data, sets), observer, cancellation, SettingsOf);
        var pretraining = data is null ? names : [.. names.Where(n => s_pretraining.Any(p => p.Name == n))];
        return Open([.. pretraining.Select(n => TableStores.Folder(folder, n))], name => TableStores.Folder(folder, name));

        TableData Open(IReadOnlyList<string> stores, Func<string, string> folderOf)
        {
            var opened = new TableData(stores, sets.ToDictionary(name => name, name => PreparedStore.Open(folderOf(name))));
            foreach (var column in table.Columns)
                Require(opened.Set(column), column);
            return opened;
        }
    }

    /// <summary>
    /// JSRT's clavicles overlap the lungs, and so lie in files of their own: labels 1 to 3 are lungs and heart, 4 the clavicles. The file of adrenal
    /// shapes has the official training and validation sets alone: a test split is drawn from them.
    /// </summary>
    internal static PrepareSettings SettingsOf(string name) => name switch
    {
        "jsrt" => new PrepareSettings { MaskColumns = "mask,clavicle_mask=4" },
        "adrenal" => new PrepareSettings { DrawsAllSplits = true },
        _ => new PrepareSettings(),
    };

    private static List<(string Name, string Source)> Raw(string data, string[] sets)
    {
        List<(string Name, string Source)> found = [.. s_pretraining.Concat(s_labelled.Where(s => sets.Contains(s.Name))).DistinctBy(s => s.Name).Select(s => (s.Name, Path.Combine(data, s.Source))).Where(s => Path.Exists(s.Item2))];
        var wanted = s_labelled.Where(s => sets.Contains(s.Name)).Where(s => !found.Exists(f => f.Name == s.Name)).Select(s => s.Source).ToList();
        if (wanted.Count > 0)
            throw new InputDataException(data, $"has no {string.Join(" and no ", wanted)}, which the table's columns need");
        return found.Exists(f => s_pretraining.Any(p => p.Name == f.Name)) ? found
            : throw new InputDataException(data, $"has nothing to pre-train on; expected some of {string.Join(", ", s_pretraining.Select(p => p.Source))}");
    }

    /// <summary>Learned from and scored: both have to be there before hours are spent.</summary>
    private static void Require(PreparedStore store, TableColumn column)
    {
        bool Has(StoreCase c) => column.Score switch
        {
            ColumnScore.Auc => c.Label is not null,
            ColumnScore.AveragePrecision => c.HasBoxes,
            _ => c.HasMask,
        };
        foreach (var split in new[] { Split.Train, Split.Test }.Where(split => !store.Cases.Any(c => c.Split == split && Has(c))))
        {
            throw new InputDataException(
                store.Folder, $"has no case in split {split} with a {(column.Score switch { ColumnScore.Auc => "class", ColumnScore.AveragePrecision => "table of boxes", _ => "mask" })}, which column '{column.Name}' needs");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var store in _sets.Values)
            store.Dispose();
    }
}
