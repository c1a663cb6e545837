using System.Globalization;
using Conjoint.Benchmarks.Cells;
using Conjoint.TestSupport;
using Conjoint.Training;

namespace Conjoint.Tests.Benchmarks;

public sealed class CellRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _computed = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Cells_are_computed_once_in_order_and_a_second_run_does_nothing()
    {
        Cell[] cells = [Make("a"), Make("b")];
        Run(cells);
        Run(cells);
        Assert.Equal(["a", "b"], _computed);
        Assert.Equal(2, File.ReadAllLines(_folder["cells.jsonl"]).Length);
    }

    [Fact]
    public void Other_settings_make_another_cell_and_of_all_that_need_it()
    {
        var first = Make("a");
        Run([first, Make("b", needs: [first]), Make("c")]);
        var changed = Make("a", settings: "other");
        Run([changed, Make("b", needs: [changed]), Make("c")]);
        Assert.Equal(["a", "b", "c", "a", "b"], _computed);
    }

    [Fact]
    public void A_cells_file_alone_takes_finished_cells_over_and_lost_files_are_made_again_only_for_open_cells()
    {
        var hasFiles = true;
        var weights = Make("weights", hasFiles: () => hasFiles);
        Run([weights, Make("a", needs: [weights])]);
        hasFiles = false;
        Run([weights, Make("a", needs: [weights])]);
        Assert.Equal(["weights", "a"], _computed);
        var again = Make("weights", hasFiles: () => hasFiles, compute: () => hasFiles = true);
        Run([again, Make("a", needs: [again]), Make("b", needs: [again])]);
        Assert.Equal(["weights", "a", "weights", "b"], _computed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    public void A_line_that_a_killed_process_left_unfinished_costs_that_cell_alone(int cut)
    {
        Cell[] cells = [Make("a"), Make("b")];
        Run(cells);
        var path = _folder["cells.jsonl"];
        var text = File.ReadAllText(path);
        File.WriteAllText(path, text[..^(cut + 1)]);
        Run(cells);
        Assert.Equal(["a", "b", "b"], _computed);
        var runner = new CellRunner(cells, _folder.Path);
        Assert.Equal(2, runner.Finished);
        Assert.Equal(1, runner.Result(cells[0])!.Numbers["one"]);
        Assert.True(double.IsNaN(runner.Result(cells[1])!.Numbers["nan"]));
    }

    [Fact]
    public void A_cell_that_another_is_at_is_left_to_it()
    {
        var other = new CellLocks(_folder.Path);
        var held = other.TryTake("a");
        Assert.NotNull(held);
        Assert.Null(other.TryTake("a"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Cell[] cells = [Make("a"), Make("b", compute: stop.Cancel)];
        Assert.ThrowsAny<OperationCanceledException>(() => new CellRunner(cells, _folder.Path).Run(SilentObserver.Instance, () => { }, stop.Token));
        Assert.Equal(["b"], _computed);
        held.Dispose();
        Run(cells);
        Assert.Equal(["b", "a"], _computed);
    }

    [Fact]
    public void The_time_of_a_cell_is_that_of_all_its_pieces()
    {
        Assert.Throws<OperationCanceledException>(() => Run([Make("a", compute: () => throw new OperationCanceledException())]));
        var path = _folder["locks/a.lock"];
        var (digest, seconds) = File.ReadAllText(path).Split(' ') is [var d, var s] ? (d, double.Parse(s, CultureInfo.InvariantCulture)) : default;
        Assert.InRange(seconds, 0, 60);
        File.WriteAllText(path, digest + " 7200.0");
        Run([Make("a")]);
        Assert.InRange(new CellStore(_folder.Path).Find("a", digest)!.Seconds, 7200, 7260);
        Assert.Equal(0, new FileInfo(path).Length);
    }

    [Theory]
    [InlineData("other 7200.0")]
    [InlineData("7200.0")]
    [InlineData("{0} NaN")]
    [InlineData("{0} 72x")]
    [InlineData("{0} -5")]
    public void Time_of_another_cell_or_none_at_all_is_not_counted(string text)
    {
        var cell = Make("a");
        Directory.CreateDirectory(_folder["locks"]);
        File.WriteAllText(_folder["locks/a.lock"], string.Format(CultureInfo.InvariantCulture, text, cell.Digest([])));
        Run([cell]);
        Assert.InRange(new CellStore(_folder.Path).Find("a", cell.Digest([]))!.Seconds, 0, 60);
    }

    [Fact]
    public void Two_runners_share_the_cells()
    {
        Cell[] cells = [.. Enumerable.Range(0, 30).Select(i => Make($"c{i}"))];
        Parallel.Invoke(() => Run(cells), () => Run(cells), () => Run(cells));
        Assert.Equal(cells.Select(c => c.Id).Order(), _computed.Order());
        Assert.Equal(30, File.ReadAllLines(_folder["cells.jsonl"]).Length);
    }

    [Fact]
    public void A_cell_before_what_it_needs_and_two_of_one_name_are_refused()
    {
        var a = Make("a");
        Assert.Throws<ArgumentException>(() => new CellRunner([Make("b", needs: [a]), a], _folder.Path));
        Assert.Throws<ArgumentException>(() => new CellRunner([a, Make("a")], _folder.Path));
    }

    private void Run(IReadOnlyList<Cell> cells) => new CellRunner(cells, _folder.Path).Run(SilentObserver.Instance, () => { }, TestContext.Current.CancellationToken);

    private Cell Make(string id, string settings = "", Cell[]? needs = null, Func<bool>? hasFiles = null, Action? compute = null) => new()
    {
        Id = id,
        Needs = needs ?? [],
        Settings = results => settings + string.Concat(results.Select(r => r.Digest)),
        HasFiles = hasFiles is null ? null : _ => hasFiles(),
        Compute = _ =>
        {
            lock (_computed)
                _computed.Add(id);
            compute?.Invoke();
            return new CellOutcome(new Dictionary<string, double> { ["one"] = 1, ["nan"] = double.NaN });
        },
    };
}
