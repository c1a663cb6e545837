namespace Conjoint.Benchmarks.Cells;

/// <summary>Guesses how long the unfinished cells will take from the finished ones of their kind.</summary>
internal sealed class CellClock(IReadOnlyList<Cell> cells, Func<Cell, CellResult?> result)
{
    /// <summary>For example <c>, about 3 h 20 min of work left</c>; empty while nothing of some kind is finished.</summary>
    /// <remarks>Work of all processes together: two of them take half the time.</remarks>
    public string Left()
    {
        var pace = new Dictionary<string, double>();
        var pairs = cells.Select(c => (Cell: c, Result: result(c))).ToList();
        foreach (var kind in pairs.GroupBy(p => p.Cell.Kind))
        {
            var done = kind.Where(p => p.Result is not null).ToList();
            if (done.Count > 0)
                pace[kind.Key] = done.Sum(p => p.Result!.Seconds) / done.Sum(p => p.Cell.Weight);
        }

        var open = pairs.Where(p => p.Result is null).Select(p => p.Cell).ToList();
        if (open.Any(c => !pace.ContainsKey(c.Kind)))
            return "";
        var left = TimeSpan.FromSeconds(open.Sum(c => pace[c.Kind] * c.Weight));
        return left.TotalMinutes < 1
            ? FormattableString.Invariant($", about {left.Seconds} s of work left")
            : FormattableString.Invariant($", about {(long)left.TotalHours} h {left.Minutes:00} min of work left");
    }
}
