using Conjoint.Benchmarks.Cells;
using Conjoint.Benchmarks.Tables;
using Conjoint.TestSupport;
using Conjoint.Training;

namespace Conjoint.Tests.Benchmarks;

public sealed class TablePlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<TableData> _opened = [];

    public void Dispose()
    {
        _opened.ForEach(d => d.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public void Methods_share_the_stages_that_they_have_in_common()
    {
        var plan = Plan(7, TableSettings.Of("tiny"));
        string[] pretrained = [.. plan.Cells.Where(c => c.Kind == "pretrain").Select(c => c.Id).Order(StringComparer.Ordinal)];
        Assert.Equal(["pretrain/joint-swav-last-level/seed0", "pretrain/joint-swav-no-mask/seed0", "pretrain/joint-swav-no-volumes/seed0", "pretrain/joint-swav/seed0", "pretrain/swav/seed0"], pretrained);
        Assert.All(plan.Cells.Where(c => c.Kind == "pretrain" && c.Id != "pretrain/swav/seed0"), c => Assert.Equal(["pretrain/swav/seed0"], c.Needs.Select(n => n.Id)));
        Assert.Equal(4 * 2, plan.Cells.Count(c => c.Kind == "finetune"));
        Assert.Equal(plan.Cells.Count, new CellRunner(plan.Cells, _folder.Path).Count);
    }

    [Fact]
    public void Every_run_can_have_a_pre_training_of_its_own()
    {
        var plan = Plan(7, TableSettings.Of("tiny") with { RepeatPretraining = true });
        Assert.Equal(2 * 5, plan.Cells.Count(c => c.Kind == "pretrain"));
        var second = plan.Cells.Single(c => c.Id == "finetune/ct-iou/full-model/run1");
        Assert.Equal(["pretrain/joint-swav/seed1"], second.Needs.Select(n => n.Id));
    }

    [Fact]
    public void Joint_and_3D_methods_classify_volumes_and_weights_that_nobody_gave_start_nothing()
    {
        var plan = Plan(3, TableSettings.Of("tiny"));
        Assert.Equal(["Scratch (3D)", "3D-DeepCluster", "3D-SwAV", "Scratch (2D)", "Deep-Cluster-v2", "SwAV", "Our (DeepCluster-v2)", "Our (SwAV)"], plan.Computed.Select(m => m.Name));
        Assert.Equal(2 * 2, plan.Cells.Count(c => c.Id.StartsWith("finetune/ct-auc/our-", StringComparison.Ordinal)));
        Assert.Equal(5 * 2, plan.Cells.Count(c => c.Id.StartsWith("finetune/ct-auc/", StringComparison.Ordinal)));
        Assert.DoesNotContain(plan.Cells, c => c.Id.StartsWith("finetune/ct-auc/swav", StringComparison.Ordinal));
        Assert.Equal(["pretrain/swav-3d/seed0"], plan.Cells.Single(c => c.Id == "finetune/ct-iou/3d-swav/run0").Needs.Select(n => n.Id));
        Assert.Equal(8 * 2, plan.Cells.Count(c => c.Id.StartsWith("finetune/ct-iou/", StringComparison.Ordinal)));
    }

    /// <summary>Marks and tests by numbers that are put into the cells' file.</summary>
    [Fact]
    public void The_caption_is_followed_and_ours_is_tested_against_the_best_of_the_others()
    {
        var settings = TableSettings.Of("tiny");
        var plan = Plan(4, settings);
        var store = new CellStore(_folder["table4"]);
        var scores = new Dictionary<string, double[]>
        {
            ["scratch-3d"] = [0.4, 0.4], ["3d-deepcluster"] = [0.4, 0.42], ["3d-swav"] = [0.64, 0.64], ["scratch-2d"] = [0.5, 0.5], ["deep-cluster-v2"] = [0.6, 0.7], ["swav"] = [0.6, 0.64], ["our-deepcluster-v2"] = [0.7, 0.8], ["our-swav"] = [0.65, 0.67],
        };
        var runner = new CellRunner(plan.Cells, _folder["table4"]);
        foreach (var cell in plan.Cells)
        {
            var digest = cell.Digest([.. cell.Needs.Select(n => runner.Result(n)!)]);
            var parts = cell.Id.Split('/');
            var numbers = cell.Kind == "pretrain" ? [] : new Dictionary<string, double> { ["score"] = scores[parts[2]][parts[3][^1] - '0'], ["diverged"] = 0 };
            // Six test cases around the score, the same in each run.
            var cases = cell.Kind == "pretrain" ? [] : Enumerable.Range(0, 6).ToDictionary(i => $"case{i}", i => numbers["score"] + 0.01 * i);
            store.Add(new CellResult { Cell = cell.Id, Digest = digest, Numbers = numbers, Cases = cases });
            runner = new CellRunner(plan.Cells, _folder["table4"]);
        }

        var summary = new TableSummaries(plan, settings, runner).Now();
        Assert.True(summary.IsComplete);
        string Shown(string method) => TableReport.Shown(summary.Rows.Single(r => r.Method == method), summary.Rows.Single(r => r.Method == method).Values[0]);
        Assert.Equal("<u>**75.00 ± 7.07**</u>", Shown("Our (DeepCluster-v2)"));
        Assert.Equal("*66.00 ± 1.41*", Shown("Our (SwAV)"));
        Assert.Equal("65.00 ± 7.07", Shown("Deep-Cluster-v2"));
        Assert.Equal("50.00 ± 0.00", Shown("Scratch (2D)"));
        Assert.Equal("64.00 ± 0.00", Shown("3D-SwAV"));
        Assert.Equal("–", Shown("SwinViT3D"));

        // Differences of 10 and of 1 in each of 6 cases: 2 of 2^6 signs, and Holm doubles the smaller of the two.
        Assert.Equal(["Deep-Cluster-v2", "Deep-Cluster-v2"], summary.Tests.Select(t => t.Baseline));
        Assert.Equal([10, 1], summary.Tests.Select(t => Math.Round(t.Difference, 9)));
        Assert.All(summary.Tests, t => Assert.Equal((6, 2 * 2 / 64.0), (t.Pairs, t.P)));
        var page = TableReport.Markdown(summary, "conjoint benchmark --table 4");
        Assert.Contains("| Our (SwAV) | *66.00 ± 1.41* | 2 | 84.89 ± 0.68 |", page, StringComparison.Ordinal);
        Assert.Contains("among methods with 2D nets", page, StringComparison.Ordinal);
        Assert.Contains("–: not computed here.", page, StringComparison.Ordinal);
        Assert.Equal(1 + summary.Rows.Count, TableReport.Csv(summary).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void A_caption_explains_no_sign_that_the_table_does_not_have()
    {
        var settings = TableSettings.Of("tiny");
        var plan = Plan(7, settings);
        var summary = new TableSummaries(plan, settings, new CellRunner(plan.Cells, _folder["table7"])).Now();
        Assert.All(summary.Rows, r => Assert.Equal("…", TableReport.Shown(r, r.Values[0])));
        Assert.Equal("", summary.Caption);
    }

    private TablePlan Plan(int number, TableSettings settings)
    {
        var table = PaperTable.Of(number, "tiny");
        var folder = _folder[$"table{number}"];
        var data = TableData.Prepare(folder, null, table, "tiny", SilentObserver.Instance, TestContext.Current.CancellationToken);
        _opened.Add(data);
        return new TablePlan(folder, table, settings, data);
    }
}
