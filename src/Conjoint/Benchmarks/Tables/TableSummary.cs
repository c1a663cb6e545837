using Conjoint.Tasks.Metrics;

namespace Conjoint.Benchmarks.Tables;

/// <summary>What a table has come to so far.</summary>
/// <param name="Number">As the paper counts.</param>
/// <param name="Title">What it compares.</param>
/// <param name="Settings">How much.</param>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Rows">A row a method, in the paper's order.</param>
/// <param name="Tests">Our methods against the best of the others.</param>
/// <param name="Cells">Cells in all.</param>
/// <param name="Finished">How many of them are finished.</param>
public sealed record TableSummary(
    int Number, string Title, TableSettings Settings, IReadOnlyList<string> Columns, IReadOnlyList<TableRow> Rows, IReadOnlyList<TableTest> Tests, int Cells, int Finished)
{
    /// <summary>Whether nothing is missing.</summary>
    public bool IsComplete => Finished == Cells;

    /// <summary>What the scale's numbers mean.</summary>
    public string Notice => TableReport.Notice(Settings).Replace("**", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal);

    /// <summary>What the marks mean.</summary>
    public string Caption => TableReport.Caption(this);
}

/// <summary>A method's row.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Group">Its kind.</param>
/// <param name="IsComputed">Whether it was computed here; else its published values stand alone.</param>
/// <param name="Values">A value a column.</param>
public sealed record TableRow(string Method, MethodGroup Group, bool IsComputed, IReadOnlyList<TableValue> Values);

/// <summary>A method's value in a column.</summary>
/// <param name="Mean">Mean over the finished runs, × 100; NaN where there is none.</param>
/// <param name="Std">Sample standard deviation (n − 1) over runs, × 100; NaN for fewer than two.</param>
/// <param name="Runs">Finished runs.</param>
/// <param name="Planned">Runs in all; 0 where the method can't take the column's task or isn't computed.</param>
/// <param name="Diverged">Runs whose loss stopped being finite; they count as 0.</param>
/// <param name="Applies">Whether the method's weights can start the column's net; where they can't, the table has N/A.</param>
/// <param name="Published">What the paper printed; null where it has no such row.</param>
/// <param name="Mark">How the caption marks it.</param>
public sealed record TableValue(double Mean, double Std, int Runs, int Planned, int Diverged, bool Applies, string? Published, ValueMark Mark);

/// <summary>The caption's marks of a value.</summary>
[Flags]
public enum ValueMark
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The best of those that count.</summary>
    Bold = 1,

    /// <summary>The second best of them.</summary>
    Italic = 2,

    /// <summary>The best of all.</summary>
    Underline = 4,
}

/// <summary>A paired comparison of a method of ours with the best of the others in a column.</summary>
/// <param name="Column">The column.</param>
/// <param name="Method">Our method.</param>
/// <param name="Baseline">The best of the others.</param>
/// <param name="Difference">Mean over pairs of ours − the other, × 100.</param>
/// <param name="Pairs">How many pairs: test cases, each with its mean score over runs; of a classification or detection, runs of equal seed and batch.</param>
/// <param name="P">Wilcoxon's two-sided p-value, corrected after Holm for the table's comparisons.</param>
public sealed record TableTest(string Column, string Method, string Baseline, double Difference, int Pairs, double P);

/// <summary>Sums up the finished cells of a table.</summary>
internal sealed class TableSummaries(TablePlan plan, TableSettings settings, Cells.CellRunner runner)
{
    /// <summary>As it stands now.</summary>
    public TableSummary Now()
    {
        var table = plan.Table;
        List<TableRow> rows = [.. table.Rows.Select(m => new TableRow(m.Name, m.Group, plan.Computed.Contains(m), [.. table.Columns.Select(c => Value(m, c))]))];
        for (var c = 0; c < table.Columns.Count; c++)
            Mark(rows, c);
        return new TableSummary(table.Number, table.Title, settings, [.. table.Columns.Select(c => c.Name)], rows, Tests(), runner.Count, runner.Finished);
    }

    private TableValue Value(TableMethod method, TableColumn column)
    {
        var results = Finished(method, column);
        var score = MeanStd.Of(results.Select(r => 100 * r.Numbers[Cells.FineTunedScores.Score]));
        return new TableValue(
            score.Mean, score.Std, results.Count, plan.Runs(method, column).Count, results.Count(r => r.Numbers[Cells.FineTunedScores.Diverged] > 0), column.Takes(method.Group),
            plan.Table.Published.GetValueOrDefault((method.Name, column.Name)), ValueMark.None);
    }

    private List<Cells.CellResult> Finished(TableMethod method, TableColumn column) => [.. plan.Runs(method, column).Select(runner.Result).OfType<Cells.CellResult>()];

    /// <summary>Marks are made among values that are computed; equal values share them.</summary>
    private void Mark(List<TableRow> rows, int column)
    {
        var marks = plan.Table.Marks;
        var all = Means(_ => true);
        var ranked = Means(r => !marks.AmongTwoDimensional || r.Group != MethodGroup.ThreeD);
        for (var r = 0; r < rows.Count; r++)
        {
            var (row, value) = (rows[r], rows[r].Values[column]);
            var mark = ValueMark.None;
            if (marks.TopTwo && ranked.Count > 1 && (!marks.AmongTwoDimensional || row.Group != MethodGroup.ThreeD))
                mark |= value.Mean == ranked[0] ? ValueMark.Bold : value.Mean == ranked[1] ? ValueMark.Italic : ValueMark.None;
            if (marks.BestUnderlined && all.Count > 1 && value.Mean == all[0])
                mark |= ValueMark.Underline;
            rows[r] = row with { Values = [.. row.Values.Select((v, c) => c == column ? v with { Mark = mark } : v)] };
        }

        List<double> Means(Func<TableRow, bool> counts) =>
            [.. rows.Where(counts).Select(r => r.Values[column].Mean).Where(m => !double.IsNaN(m)).Distinct().OrderDescending()];
    }

    private List<TableTest> Tests()
    {
        var tests = new List<TableTest>();
        foreach (var column in plan.Table.Columns)
        {
            var ranked = plan.Computed.Where(m => !m.IsOurs && Finished(m, column).Count > 0).OrderByDescending(m => Value(m, column).Mean).ToList();
            if (ranked.Count == 0)
                continue;
            foreach (var ours in plan.Computed.Where(m => m.IsOurs))
            {
                var (first, second) = Pairs(column, ours, ranked[0]);
                if (first.Length > 0)
                    tests.Add(new TableTest(column.Name, ours.Name, ranked[0].Name, 100 * first.Zip(second, (a, b) => a - b).Average(), first.Length, WilcoxonSignedRank.Of(first, second).P));
            }
        }

        var adjusted = HolmCorrection.Adjust([.. tests.Select(t => t.P)]);
        return [.. tests.Select((t, i) => t with { P = adjusted[i] })];
    }

    /// <summary>Over runs that both have finished.</summary>
    private (double[] First, double[] Second) Pairs(TableColumn column, TableMethod first, TableMethod second)
    {
        var runs = plan.Runs(first, column).Zip(plan.Runs(second, column)).Select(p => (A: runner.Result(p.First), B: runner.Result(p.Second))).Where(p => p.A is not null && p.B is not null).ToList();
        if (column.Score is ColumnScore.Auc or ColumnScore.AveragePrecision)
            return ([.. runs.Select(r => r.A!.Numbers[Cells.FineTunedScores.Score])], [.. runs.Select(r => r.B!.Numbers[Cells.FineTunedScores.Score])]);
        // A run that diverged has no cases: it scores 0 in every one.
        string[] cases = [.. runs.SelectMany(r => r.A!.Cases.Keys.Concat(r.B!.Cases.Keys)).Distinct().Order(StringComparer.Ordinal)];
        double Mean(Func<(Cells.CellResult? A, Cells.CellResult? B), Cells.CellResult> side, string id) => runs.Average(r => side(r).Cases.GetValueOrDefault(id));
        string[] scored = [.. cases.Where(id => double.IsFinite(Mean(r => r.A!, id)) && double.IsFinite(Mean(r => r.B!, id)))]; // none of its classes in truth and prediction
        return ([.. scored.Select(id => Mean(r => r.A!, id))], [.. scored.Select(id => Mean(r => r.B!, id))]);
    }
}
