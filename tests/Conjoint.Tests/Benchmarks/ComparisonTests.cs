using Conjoint.Benchmarks.Cells;
using Conjoint.Benchmarks.Comparing;
using Conjoint.Data;
using Conjoint.Nets;
using Conjoint.Reporting;
using Conjoint.Runtime;
using Conjoint.Tasks.Segmentation;
using Conjoint.Tests.Tasks;
using Conjoint.TestSupport;
using Conjoint.Training;

namespace Conjoint.Tests.Benchmarks;

/// <summary>Starts side by side on one's own labelled cases.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class ComparisonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_come_from_paths_or_are_given_and_scratch_is_always_one_of_them()
    {
        Directory.CreateDirectory(_folder["a=b"]);
        Assert.Equal(
            [("run", "x/run/"), ("slices", "x/run/weights/slices.safetensors"), ("mine", "y/z.pth"), ("scratch", "scratch")],
            ComparisonArm.Parse(["scratch", "x/run/", "x/run/weights/slices.safetensors", "mine=y/z.pth"]).Select(a => (a.Name, a.Weights)));
        Assert.Equal(_folder["a=b"], ComparisonArm.Parse([$"ab={_folder["a=b"]}"])[0].Weights);
        Assert.Contains("nothing to compare", Assert.Throws<ConfigurationException>(() => ComparisonArm.Parse(["scratch"])).Message, StringComparison.Ordinal);
        Assert.Contains("two starts are named 'w'", Assert.Throws<ConfigurationException>(() => ComparisonArm.Parse(["a/w.pth", "b/w.pth"])).Message, StringComparison.Ordinal);
        foreach (var bad in new[] { "..=x.pth", "a b.pth", "a/é.pth", "/" })
            Assert.Contains("makes no name", Assert.Throws<ConfigurationException>(() => ComparisonArm.Parse([bad])).Message, StringComparison.Ordinal);
        Assert.Contains("named 'scratch'", Assert.Throws<ConfigurationException>(() => ComparisonArm.Parse(["scratch=a.pth"])).Message, StringComparison.Ordinal);
    }

    /// <summary>Numbers put into the cells' file; what they come to is worked out by hand.</summary>
    [Fact]
    public void Runs_are_paired_by_seed_and_cases_by_name()
    {
        using var store = Labelled();
        TinyModel.WriteJoint(_folder["w.safetensors"]);
        var plan = new ComparisonPlan(_folder["out"], store, ComparisonArm.Parse([_folder["w.safetensors"]]), TinyModel.Segmentation, runs: 3);
        Assert.Equal(["finetune/w/run0", "finetune/scratch/run0", "finetune/w/run1", "finetune/scratch/run1", "finetune/w/run2", "finetune/scratch/run2"], plan.Cells.Select(c => c.Id));
        Directory.CreateDirectory(_folder["out"]);
        var cells = new CellStore(_folder["out"]);
        // Better by 0.1, 0.2, ... 0.6 in six cases in every run; the third pair is not finished.
        foreach (var cell in plan.Cells.Take(5))
        {
            var isOurs = cell.Id.Contains("/w/", StringComparison.Ordinal);
            var cases = Enumerable.Range(1, 6).ToDictionary(i => $"c{i}", i => 0.3 + (isOurs ? 0.1 * i : 0));
            cells.Add(new CellResult { Cell = cell.Id, Digest = cell.Digest([]), Numbers = new Dictionary<string, double> { ["score"] = cases.Values.Average(), ["diverged"] = 0 }, Cases = cases });
        }

        var summary = new ComparisonSummaries(plan, new CellRunner(plan.Cells, _folder["out"])).Now();
        Assert.False(summary.IsComplete);
        Assert.Equal(("segment", "Dice", 5), (summary.Task, summary.Score, summary.Finished));
        Assert.Equal([("w", 3), ("scratch", 2)], summary.Arms.Select(a => (a.Name, a.Scores.Count)));
        Assert.Equal([7, 8, 9], summary.Arms[0].Scores.Keys);                       // the settings' seed is 7
        var difference = Assert.Single(summary.Differences);
        Assert.Equal((2, 2, 6), (difference.Pairs, difference.Ahead, difference.Tested));
        Assert.Equal(0.35, difference.Mean, 12);
        Assert.Equal(2 / 64.0, difference.P, 12);                                   // one of 2⁶ choices of signs, on both sides
        Assert.InRange(difference.Low, 0.1, 0.35);
        Assert.InRange(difference.High, 0.35, 0.6);
        Assert.Equal("better than scratch", difference.Verdict);
        var page = ComparisonFiles.Markdown(summary, "conjoint compare segment");
        Assert.Contains("**Incomplete: 5 of 6 fine-tunings.**", page, StringComparison.Ordinal);
        Assert.Contains("| w | +35.00 |", page, StringComparison.Ordinal);
        Assert.Equal(1 + 5, ComparisonFiles.Csv(summary).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Where_a_case_has_no_score_the_pairs_are_runs_and_one_pair_tells_nothing()
    {
        using var store = Labelled();
        TinyModel.WriteJoint(_folder["w.safetensors"]);
        var plan = new ComparisonPlan(_folder["out"], store, ComparisonArm.Parse([_folder["w.safetensors"]]), ClassificationTests.Tiny, runs: 1);
        Directory.CreateDirectory(_folder["out"]);
        var cells = new CellStore(_folder["out"]);
        foreach (var cell in plan.Cells)
            cells.Add(new CellResult { Cell = cell.Id, Digest = cell.Digest([]), Numbers = new Dictionary<string, double> { ["score"] = cell.Id.Contains("/w/", StringComparison.Ordinal) ? 0.9 : 0.8, ["diverged"] = 0 } });
        var difference = new ComparisonSummaries(plan, new CellRunner(plan.Cells, _folder["out"])).Now().Differences[0];
        Assert.Equal(0.1, difference.Mean, 12);
        Assert.True(double.IsNaN(difference.Low));
        Assert.Equal(("one pair can't tell a difference from luck", 1), (difference.Verdict, difference.Tested));
    }

    [Fact]
    public void It_fine_tunes_every_start_goes_on_where_it_was_and_its_page_has_the_scores()
    {
        using var store = Labelled();
        TinyModel.WriteJoint(_folder["joint.safetensors"]);
        var arms = ComparisonArm.Parse([_folder["joint.safetensors"]]);
        var settings = TinyModel.Segmentation with { Steps = 4, Validations = 1 };
        var summary = Run("out", store, arms, settings, runs: 2);
        Assert.True(summary.IsComplete);
        Assert.Equal(["joint", "scratch"], summary.Arms.Select(a => a.Name));
        Assert.All(summary.Arms, a => Assert.Equal([7, 8], a.Scores.Keys));
        foreach (var run in new[] { "joint-seed7", "joint-seed8", "scratch-seed7", "scratch-seed8" })
        {
            Assert.True(File.Exists(_folder[$"out/finetune/{run}/metrics.jsonl"]));
            Assert.False(File.Exists(_folder[$"out/finetune/{run}/weights.safetensors"]));
        }

        // The score of a run is that of the same fine-tuning by itself.
        var alone = new SegmentationFineTuning(settings with { Seed = 8 }).Run(store, _folder["joint.safetensors"], _folder["alone"], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(alone.Summary.Dice.Mean, summary.Arms[0].Scores[8]);

        // One run more: what is finished is not done again.
        var finished = File.ReadAllText(_folder["out/cells.jsonl"]);
        Assert.Equal(summary.Arms[0].Scores[7], Run("out", store, arms, settings, runs: 3).Arms[0].Scores[7]);
        Assert.StartsWith(finished, File.ReadAllText(_folder["out/cells.jsonl"]), StringComparison.Ordinal);
        Assert.Contains("other settings", Assert.Throws<ConfigurationException>(() => Run("out", store, arms, settings with { Steps = 5 }, runs: 3)).Message, StringComparison.Ordinal);

        ComparisonRun.WriteMetrics(_folder["out"], store, arms, settings, runs: 3);
        var page = File.ReadAllText(ComparisonReport.Write(_folder["out"]));
        Assert.Contains("data-arm=\"joint\"", page, StringComparison.Ordinal);
        Assert.Contains("data-difference=\"joint\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void From_scratch_the_net_and_its_input_are_those_of_the_weights()
    {
        using var store = Labelled();
        TinyModel.WriteJoint(_folder["joint.safetensors"]);
        var settings = TinyModel.Segmentation with { Steps = 2, Validations = 0, Encoder = new SliceEncoderSettings(), Input = null };
        Run("out", store, ComparisonArm.Parse([_folder["joint.safetensors"]]), settings, runs: 1);
        var configured = new[] { "joint", "scratch" }.Select(a => File.ReadAllLines(_folder[$"out/finetune/{a}-seed7/config.yaml"]).Where(l => !l.StartsWith("weights:", StringComparison.Ordinal))).ToList();
        Assert.Equal(configured[0], configured[1]);
        Assert.Contains(configured[1], l => l.TrimStart() == "base_width: 4");
        Assert.Contains(configured[1], l => l.TrimStart() == "size: 32");
    }

    [Fact]
    public void A_folder_in_which_nothing_was_finished_takes_other_settings()
    {
        using var store = Labelled();
        TinyModel.WriteJoint(_folder["joint.safetensors"]);
        var arms = ComparisonArm.Parse([_folder["joint.safetensors"]]);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => ComparisonRun.Run(
            _folder["out"], store, arms, TinyModel.Segmentation, 1, threads: 1, command: null, new StoppingObserver(stop, 2), stop.Token));
        Assert.True(Directory.Exists(_folder["out/finetune/joint-seed7"]));
        Assert.True(Run("out", store, arms, TinyModel.Segmentation with { Steps = 2, Validations = 0 }, runs: 1).IsComplete);
    }

    private ComparisonSummary Run(string name, PreparedStore store, IReadOnlyList<ComparisonArm> arms, SegmentationSettings settings, int runs) =>
        ComparisonRun.Run(_folder[name], store, arms, settings, runs, threads: 1, command: null, SilentObserver.Instance, TestContext.Current.CancellationToken);

    private PreparedStore Labelled() => SyntheticStore.Write(
        _folder["store"], [.. SyntheticStore.Subjects("a", 3, Split.Train), .. SyntheticStore.Subjects("v", 1, Split.Validation), .. SyntheticStore.Subjects("t", 2, Split.Test)]);
}
