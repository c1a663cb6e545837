using Conjoint.Benchmarks.Cells;
using Conjoint.Data;
using Conjoint.Runtime;
using Conjoint.Training.ReportData;

namespace Conjoint.Benchmarks.Tables;

/// <summary>
/// The paper's Figure 4 for every column of 3D segmentation: the truth, our methods and the others, side by side on the slices where they differ most.
/// Written as <c>tableN-figureC.png</c>, C the column from 1.
/// </summary>
internal sealed class TableFigures(string folder, TablePlan plan, TableData data, CellRunner runner)
{
    private const int Rows = 3;

    private readonly TableMasks _masks = new(folder);
    private readonly Dictionary<TableColumn, string> _drawn = [];

    /// <summary>Draws what has changed since it was called last.</summary>
    public void Write()
    {
        foreach (var (i, column) in plan.Table.Columns.Index().Where(c => c.Item.Score == ColumnScore.Iou))
        {
            var store = data.Set(column);
            var cases = TableMasks.Cases(store);
            var shown = Shown(column, cases.Count);
            var content = string.Join(' ', shown.Select(m => m.Result.Digest));
            if (shown.Count == 0 || _drawn.GetValueOrDefault(column) == content)
                continue;
            var picture = ComparisonPicture.Draw([.. shown.Select(m => m.Method.Name)], [.. MostDifferent(store, cases, shown)]);
            AtomicFile.Write(Path.Combine(folder, FormattableString.Invariant($"table{plan.Table.Number}-figure{i + 1}.png")), stream => stream.Write(picture));
            _drawn[column] = content;
        }
    }

    /// <summary>Methods whose first run is finished and has left its masks: ours first, then the others, each in the table's order.</summary>
    private List<(TableMethod Method, CellResult Result)> Shown(TableColumn column, int cases) =>
    [
        .. plan.Computed.OrderBy(m => m.IsOurs ? 0 : 1)
            .Select(m => (Method: m, Result: plan.Runs(m, column).Select(runner.Result).FirstOrDefault()))
            .Where(m => m.Result is { } result && _masks.Has(result.Cell, result.Digest, cases))
            .Select(m => (m.Method, m.Result!)),
    ];

    /// <summary>Of each case the slice with the most voxels on which the methods don't agree, and of these the most different.</summary>
    private IEnumerable<ComparedSlice> MostDifferent(PreparedStore store, IReadOnlyList<StoreCase> cases, List<(TableMethod Method, CellResult Result)> shown)
    {
        var found = new List<(int Difference, ComparedSlice Slice)>();
        foreach (var (i, storeCase) in cases.Index())
        {
            var labels = new ushort[storeCase.Slices * storeCase.Height * storeCase.Width];
            store.ReadMask(storeCase, 0, storeCase.Slices, labels);
            var truth = Array.ConvertAll(labels, l => (int)l);
            int[][] masks = [.. shown.Select(m => _masks.Read(m.Result.Cell, m.Result.Digest, i, storeCase))];
            // One method alone is compared with the truth.
            int[][] compared = masks.Length > 1 ? masks : [truth, .. masks];
            var plane = storeCase.Height * storeCase.Width;
            var differences = new int[storeCase.Slices];
            for (var v = 0; v < truth.Length; v++)
                differences[v / plane] += compared.Any(m => m[v] != compared[0][v]) ? 1 : 0;
            var slice = Array.IndexOf(differences, differences.Max());
            var values = new float[plane];
            store.ReadSlices(storeCase, slice, 1, values);
            found.Add((differences[slice], new ComparedSlice(
                FormattableString.Invariant($"{storeCase.Id}, slice {slice + 1}"), values, truth[(slice * plane)..((slice + 1) * plane)],
                [.. masks.Select(m => m[(slice * plane)..((slice + 1) * plane)])], storeCase.Height, storeCase.Width, storeCase.SpacingMm[1] / storeCase.SpacingMm[2],
                Turned: storeCase.Orientation is not null)));
        }

        return found.OrderByDescending(f => f.Difference).Take(Rows).Select(f => f.Slice);
    }
}
