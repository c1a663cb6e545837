using Conjoint.Benchmarks.Cells;
using Conjoint.Benchmarks.Comparing;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Reporting;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Segmentation;
using Conjoint.Tests.Tasks;
using Conjoint.TestSupport;
using Conjoint.Training;
using Conjoint.Training.Monitoring;

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
        var plan = Plan(store, TinyModel.Segmentation, runs: 6);
        Assert.Equal(["finetune/w/run0", "finetune/scratch/run0", "finetune/w/run1", "finetune/scratch/run1"], plan.Cells.Take(4).Select(c => c.Id));
        // Better by 0.1, 0.2, ... 0.6 in six cases in every run; the sixth pair is not finished.
        Finish(plan.Cells.Take(11), (isOurs, _) => Enumerable.Range(1, 6).ToDictionary(i => $"c{i}", i => 0.3 + (isOurs ? 0.1 * i : 0)));

        var summary = Summary(plan);
        Assert.False(summary.IsComplete);
        Assert.Equal(("segment", "Dice", 11), (summary.Task, summary.Score, summary.Finished));
        Assert.Equal([("w", 6), ("scratch", 5)], summary.Arms.Select(a => (a.Name, a.Scores.Count)));
        Assert.Equal([7, 8, 9, 10, 11, 12], summary.Arms[0].Scores.Keys);           // the settings' seed is 7
        var difference = Assert.Single(summary.Differences);
        Assert.Equal((5, 5, 6), (difference.Pairs, difference.Ahead, difference.Tested));
        Assert.Equal(0.35, difference.Mean, 12);
        Assert.Equal(2 / 64.0, difference.P, 12);                                   // one of 2⁶ choices of signs, on both sides
        Assert.InRange(difference.Low, 0.1, 0.35);
        Assert.InRange(difference.High, 0.35, 0.6);
        Assert.Equal("better than scratch", difference.Verdict);
        var page = ComparisonFiles.Markdown(summary, "conjoint compare segment");
        Assert.Contains("**Incomplete: 11 of 12 fine-tunings.**", page, StringComparison.Ordinal);
        Assert.Contains("| w | +35.00 |", page, StringComparison.Ordinal);
        Assert.Contains(", 6 subjects | better than scratch |", page, StringComparison.Ordinal);
        Assert.Equal(1 + 11, ComparisonFiles.Csv(summary).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData(2, 6, "2 pairs are too few to tell, 5 are wanted")]
    [InlineData(5, 5, "not told from scratch")]        // five subjects: Wilcoxon's p is never below 0.06
    [InlineData(5, 6, "better than scratch")]
    public void A_verdict_wants_pairs_and_subjects_enough(int runs, int subjects, string verdict)
    {
        using var store = Labelled();
        var plan = Plan(store, TinyModel.Segmentation, runs);
        Finish(plan.Cells, (isOurs, _) => Enumerable.Range(1, subjects).ToDictionary(i => $"c{i}", i => 0.3 + (isOurs ? 0.1 * i : 0)));
        Assert.Equal(verdict, Summary(plan).Differences[0].Verdict);
    }

    [Fact]
    public void A_subject_with_several_scans_counts_once()
    {
        using var store = SyntheticStore.Write(_folder["store"],
        [
            .. SyntheticStore.Subjects("a", 3, Split.Train),
            .. SyntheticStore.Subjects("t", 3, Split.Test).Select((c, i) => c with { Subject = i < 2 ? "twice" : "once" }),
        ]);
        var scans = store.Cases.Where(c => c.Split == Split.Test).ToArray();
        Assert.Equal(["twice", "twice", "once"], scans.Select(c => c.Subject));
        var plan = Plan(store, TinyModel.Segmentation, runs: 5);
        Finish(plan.Cells, (isOurs, _) => scans.Index().ToDictionary(c => c.Item.Id, c => isOurs ? new[] { 0.2, 0.4, 0.9 }[c.Index] : 0));
        var difference = Summary(plan).Differences[0];
        Assert.Equal(2, difference.Tested);
        Assert.Equal((0.3 + 0.9) / 2, difference.Mean, 12);
    }

    [Fact]
    public void Where_a_case_has_no_score_the_pairs_spread_decides()
    {
        using var store = Labelled();
        var plan = Plan(store, ClassificationTests.Tiny, runs: 5);
        Finish(plan.Cells, (_, _) => [], (isOurs, run) => 0.7 + (isOurs ? 0.1 + 0.01 * run : 0));
        var difference = Summary(plan).Differences[0];
        Assert.Equal((5, true), (difference.Tested, difference.ByPairs));
        Assert.Equal(0.12, difference.Mean, 12);
        // The 0.975 quantile of Student's t with 4 degrees of freedom is 2.776445; the five differences have a standard deviation of 0.0158114.
        Assert.Equal(0.12 - 2.776445 * 0.0158114 / Math.Sqrt(5), difference.Low, 6);
        Assert.Equal(0.12 + 2.776445 * 0.0158114 / Math.Sqrt(5), difference.High, 6);
        Assert.Equal("better than scratch", difference.Verdict);
        Assert.Contains("does not know how others would turn out", ComparisonFiles.Markdown(Summary(plan), null), StringComparison.Ordinal);
    }

    [Fact]
    public void One_pair_tells_nothing()
    {
        using var store = Labelled();
        var plan = Plan(store, ClassificationTests.Tiny, runs: 1);
        Finish(plan.Cells, (_, _) => [], (isOurs, _) => isOurs ? 0.9 : 0.8);
        var difference = Summary(plan).Differences[0];
        Assert.Equal(0.1, difference.Mean, 12);
        Assert.True(double.IsNaN(difference.Low));
        Assert.Equal(("one pair can't tell a difference from luck", 1), (difference.Verdict, difference.Tested));
    }

    [Fact]
    public void Runs_that_diverged_count_as_zero_in_the_files_and_on_the_page()
    {
        using var store = Labelled();
        var plan = Plan(store, TinyModel.Segmentation, runs: 1);
        Directory.CreateDirectory(_folder["out"]);
        foreach (var cell in plan.Cells)
        {
            new CellStore(_folder["out"]).Add(new CellResult { Cell = cell.Id, Digest = cell.Digest([]), Numbers = FineTunedScores.OfDiverged().Numbers });
            // What a run leaves that gave up before its first validation.
            var run = ComparisonPlan.RunFolder(_folder["out"], cell.Id.Split('/')[1], 7);
            RunFolder.Create(run.Path);
            File.WriteAllText(run.Metrics, new MetricsLine("finetune").Add("step", 1).Add("loss", double.NaN).ToJson() + "\n");
        }

        var summary = Summary(plan);
        Assert.All(summary.Arms, a => Assert.Equal((1, 0.0), (a.Diverged, a.Mean)));
        Assert.Contains(", 1 diverged |", ComparisonFiles.Markdown(summary, null), StringComparison.Ordinal);
        var page = "";
        ComparisonRun.WriteMetrics(_folder["out"], store, plan.Arms, TinyModel.Segmentation, runs: 1, () => page = File.ReadAllText(ComparisonReport.Write(_folder["out"])));
        Assert.Contains("data-arm=\"w\"", page, StringComparison.Ordinal);
        Assert.Contains("one pair can", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_can_t_be_compared_on_is_refused_before_training()
    {
        TinyModel.WriteJoint(_folder["w.safetensors"]);
        var arms = ComparisonArm.Parse([_folder["w.safetensors"]]);
        using var untested = SyntheticStore.Write(_folder["untested"], [.. SyntheticStore.Subjects("a", 3, Split.Train), .. SyntheticStore.Subjects("v", 1, Split.Validation)]);
        Assert.Contains("no labelled case of the test split", Assert.Throws<InputDataException>(() => Run("out", untested, arms, TinyModel.Segmentation, runs: 1)).Message, StringComparison.Ordinal);
        using var oneClass = ClassStore.Write(_folder["one"], [new("a", 1, Split.Train), new("b", 0, Split.Train), new("c", 1, Split.Test), new("d", 1, Split.Test)]);
        Assert.Contains("all of one class", Assert.Throws<InputDataException>(() => Run("out", oneClass, arms, ClassificationTests.Tiny, runs: 1)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
        using var store = Labelled();
        Assert.Contains("2147483646 for 1 runs", Assert.Throws<ConfigurationException>(() => Run("out", store, arms, TinyModel.Segmentation with { Seed = 1L << 40 }, runs: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_weights_under_the_same_name_begin_anew()
    {
        using var store = Labelled();
        TinyModel.WriteJoint(_folder["w.safetensors"]);
        var arms = ComparisonArm.Parse([_folder["w.safetensors"]]);
        using var stop = new CancellationTokenSource();
        var settings = TinyModel.Segmentation with { Steps = 4, Validations = 0 };
        Assert.Throws<OperationCanceledException>(() => ComparisonRun.Run(_folder["out"], store, arms, settings, 1, threads: 1, command: null, new StoppingObserver(stop, 2), stop.Token));
        TinyModel.WriteJoint(_folder["w.safetensors"], seed: 99);
        Assert.True(Run("out", store, arms, settings, runs: 1).IsComplete);
    }

    [Fact]
    public void What_another_command_left_in_the_folder_stays()
    {
        using var store = Labelled();
        TinyModel.WriteJoint(_folder["w.safetensors"]);
        Directory.CreateDirectory(_folder["out/finetune/scratch-seed7"]);
        File.WriteAllText(_folder["out/finetune/scratch-seed7/weights.safetensors"], "of a demo");
        Assert.Contains("something else than a comparison ('finetune')", Assert.Throws<ConfigurationException>(() => Run("out", store, ComparisonArm.Parse([_folder["w.safetensors"]]), TinyModel.Segmentation, runs: 1)).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["out/finetune/scratch-seed7/weights.safetensors"]));
    }

    [Fact]
    public void Equal_gaps_of_a_coarse_score_give_no_verdict()
    {
        using var store = Labelled();
        var plan = Plan(store, ClassificationTests.Tiny, runs: 2);
        Finish(plan.Cells, (_, _) => [], (isOurs, _) => isOurs ? 1 : 0.5);
        Assert.Equal("not told from scratch", Summary(plan).Differences[0].Verdict);
    }

    [Fact]
    public void A_folder_in_which_another_comparison_is_at_work_is_refused()
    {
        using var store = Labelled();
        TinyModel.WriteJoint(_folder["w.safetensors"]);
        var arms = ComparisonArm.Parse([_folder["w.safetensors"]]);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => ComparisonRun.Run(_folder["out"], store, arms, TinyModel.Segmentation, 1, threads: 1, command: null, new StoppingObserver(stop, 2), stop.Token));
        using var atWork = new CellLocks(_folder["out"]).TakeOneOf("work");
        Assert.Contains("one is at work there", Assert.Throws<ConfigurationException>(() => Run("out", store, arms, TinyModel.Segmentation with { Steps = 2 }, runs: 1)).Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_folder["out/finetune/w-seed7"]));
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
        Assert.Contains("steps: 4, now steps: 5", Assert.Throws<ConfigurationException>(() => Run("out", store, arms, settings with { Steps = 5 }, runs: 3)).Message, StringComparison.Ordinal);

        // Killed between a result and its tidying, a run leaves its weights; another one's it leaves alone.
        File.WriteAllText(_folder["out/finetune/joint-seed7/weights.safetensors"], "left");
        File.WriteAllText(_folder["out/finetune/joint-seed8/weights.safetensors"], "of another");
        File.WriteAllText(_folder["out/finetune/joint-seed8/cell.txt"], "another");
        Run("out", store, arms, settings, runs: 3);
        Assert.False(File.Exists(_folder["out/finetune/joint-seed7/weights.safetensors"]));
        Assert.True(File.Exists(_folder["out/finetune/joint-seed8/weights.safetensors"]));

        var page = "";
        ComparisonRun.WriteMetrics(_folder["out"], store, arms, settings, runs: 3, () => page = File.ReadAllText(ComparisonReport.Write(_folder["out"])));
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

    private ComparisonSummary Run(string name, PreparedStore store, IReadOnlyList<ComparisonArm> arms, FineTuneSettings settings, int runs) =>
        ComparisonRun.Run(_folder[name], store, arms, settings, runs, threads: 1, command: null, SilentObserver.Instance, TestContext.Current.CancellationToken);

    private ComparisonPlan Plan(PreparedStore store, FineTuneSettings settings, int runs)
    {
        TinyModel.WriteJoint(_folder["w.safetensors"]);
        return new ComparisonPlan(_folder["out"], store, ComparisonArm.Parse([_folder["w.safetensors"]]), settings, runs);
    }

    private ComparisonSummary Summary(ComparisonPlan plan) => new ComparisonSummaries(plan, new CellRunner(plan.Cells, _folder["out"])).Now();

    /// <summary>Puts results into the cells' file: scores by case, and the run's own where it isn't their mean.</summary>
    private void Finish(IEnumerable<Cell> finished, Func<bool, int, Dictionary<string, double>> byCase, Func<bool, int, double>? score = null)
    {
        Directory.CreateDirectory(_folder["out"]);
        var cells = new CellStore(_folder["out"]);
        foreach (var cell in finished)
        {
            var (isOurs, run) = (cell.Id.Contains("/w/", StringComparison.Ordinal), cell.Id[^1] - '0');
            var cases = byCase(isOurs, run);
            cells.Add(new CellResult
            {
                Cell = cell.Id, Digest = cell.Digest([]), Cases = cases,
                Numbers = new Dictionary<string, double> { ["score"] = score?.Invoke(isOurs, run) ?? cases.Values.Average(), ["diverged"] = 0 },
            });
        }
    }

    private PreparedStore Labelled() => SyntheticStore.Write(
        _folder["store"], [.. SyntheticStore.Subjects("a", 3, Split.Train), .. SyntheticStore.Subjects("v", 1, Split.Validation), .. SyntheticStore.Subjects("t", 2, Split.Test)]);
}
