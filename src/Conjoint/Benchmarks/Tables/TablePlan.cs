using Conjoint.Benchmarks.Cells;
using Conjoint.Training;
using Conjoint.Training.Settings;

namespace Conjoint.Benchmarks.Tables;

/// <summary>Every cell of a table, run by run: interrupted, it has as many whole runs as it had time for.</summary>
public sealed class TablePlan
{
    private readonly TableSettings _settings;
    private readonly PretrainingCells _pretrainings;
    private readonly List<Cell> _cells = [];
    private readonly Dictionary<(string Recipe, int Seed), Cell> _pretrained = [];
    private readonly Dictionary<(string Method, string Column), List<Cell>> _runs = [];

    /// <summary>Plans the table.</summary>
    /// <param name="folder">The table's folder.</param>
    /// <param name="table">The table.</param>
    /// <param name="settings">How much.</param>
    /// <param name="data">The stores.</param>
    public TablePlan(string folder, PaperTable table, TableSettings settings, TableData data)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(data);
        (Table, _settings) = (table, settings);
        _pretrainings = new PretrainingCells(folder, new PretrainingSource(data.Pretraining, data.PretrainingText, settings.Device, settings.Precision));
        var finetunings = new TableFineTunings(folder, settings, data, _pretrainings);
        Computed =
        [
            .. table.Rows.Where(m => m.Source is not null && (settings.Methods.Count == 0 || settings.Methods.Contains(m.Name)) && (m.Source is not MethodSource.ImageNet || settings.ImageNet is not null)),
        ];
        var most = table.Columns.Max(c => TableFineTunings.Runs(settings, c));
        for (var run = 0; run < most; run++)
        {
            foreach (var column in table.Columns.Where(c => run < TableFineTunings.Runs(settings, c)))
            {
                foreach (var method in Computed.Where(m => column.Takes(m.Group)))
                {
                    var cell = finetunings.Cell(column, method, run, Pretrained(method, settings.RepeatPretraining ? run : 0));
                    _cells.Add(cell);
                    if (!_runs.TryGetValue((method.Name, column.Name), out var runs))
                        _runs[(method.Name, column.Name)] = runs = [];
                    runs.Add(cell);
                }
            }
        }
    }

    /// <summary>The table.</summary>
    public PaperTable Table { get; }

    /// <summary>The cells in their order.</summary>
    public IReadOnlyList<Cell> Cells => _cells;

    /// <summary>The methods that are computed: built here, asked for, and with the weights that they need.</summary>
    public IReadOnlyList<TableMethod> Computed { get; }

    /// <summary>The runs of a method in a column; none where it isn't computed.</summary>
    internal IReadOnlyList<Cell> Runs(TableMethod method, TableColumn column) => _runs.GetValueOrDefault((method.Name, column.Name)) ?? [];

    private (string Arm, int Seed, Cell Cell)? Pretrained(TableMethod method, int seed) =>
        method.Source switch
        {
            MethodSource.Pretraining recipe => (recipe.Recipe, seed, Pretrained(recipe, seed)),
            MethodSource.VolumetricPretraining recipe => (recipe.Recipe, seed, Pretrained(recipe, seed)),
            _ => null,
        };

    private Cell Pretrained(MethodSource.VolumetricPretraining recipe, int seed)
    {
        if (_pretrained.TryGetValue((recipe.Recipe, seed), out var cell))
            return cell;
        cell = _pretrainings.Cell(recipe.Recipe, seed, _settings.Pretraining(recipe.Method, [], seed), slices: null, StageName.Volumes3d);
        _cells.Add(cell);
        return _pretrained[(recipe.Recipe, seed)] = cell;
    }

    private Cell Pretrained(MethodSource.Pretraining recipe, int seed)
    {
        if (_pretrained.TryGetValue((recipe.Recipe, seed), out var cell))
            return cell;
        (string, Cell)? slices = null;
        if (!recipe.SlicesOnly)
        {
            // The plain 2D method of the same clustering is stage 1 of the joint one.
            var first = new MethodSource.Pretraining(recipe.Method == ClusteringMethod.Swav ? "swav" : "deepcluster-v2", recipe.Method, SlicesOnly: true);
            slices = (first.Recipe, Pretrained(first, seed));
        }

        cell = _pretrainings.Cell(recipe.Recipe, seed, _settings.Pretraining(recipe.Method, recipe.Overrides, seed), slices);
        _cells.Add(cell);
        return _pretrained[(recipe.Recipe, seed)] = cell;
    }
}
