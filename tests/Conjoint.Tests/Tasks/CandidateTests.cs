using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Reporting;
using Conjoint.Runtime;
using Conjoint.Tasks.Classification;
using Conjoint.Tasks.Prediction;
using Conjoint.Tests.Reporting;
using Conjoint.TestSupport;
using Conjoint.Training.Monitoring;

namespace Conjoint.Tests.Tasks;

/// <summary>Classification of candidates: cubes, folds, and far more of one class than of the other.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class CandidateTests : IDisposable
{
    private const double Edge = 8; // mm: 4 slices of 8×8 pixels

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_cube_is_the_part_of_its_volume_around_the_candidate_and_0_outside()
    {
        using var store = CandidateStore.Write(_folder["store"], folds: 3);
        var volume = store.Cases[1];
        var whole = new float[CandidateStore.Slices * CandidateStore.Height * CandidateStore.Width];
        store.ReadSlices(volume, 0, CandidateStore.Slices, whole);
        var candidates = store.ReadCandidates(volume);
        var cubes = CandidateCube.Of(store, volume, Edge).ToList();
        Assert.Equal(candidates.Select(c => c.Class), cubes.Select(c => c.Label!.Value));
        for (var i = 0; i < cubes.Count; i++)
        {
            var cube = cubes[i];
            Assert.Equal(($"scan1#{i}", 4, 8, 8), (cube.Id, cube.Slices, cube.Height, cube.Width));
            var values = new float[3 * 8 * 8];
            store.ReadSlices(cube, 1, 3, values); // not from its first slice on
            for (var v = 0; v < values.Length; v++)
            {
                // Of 4 voxels the second is the one whose centre is just before the middle; of 8, the fourth.
                var (n, h, w) = ((int)candidates[i].Slice - 1 + 1 + v / 64, (int)candidates[i].Row - 3 + v / 8 % 8, (int)candidates[i].Column - 3 + v % 8);
                var inside = n is >= 0 and < CandidateStore.Slices && h is >= 0 and < CandidateStore.Height && w is >= 0 and < CandidateStore.Width;
                Assert.Equal(inside ? whole[(n * CandidateStore.Height + h) * CandidateStore.Width + w] : 0, values[v]);
            }
        }

        Assert.Contains("scan1: has voxels of", Assert.Throws<InputDataException>(() => CandidateCube.Of(store, volume with { SpacingMm = [1e-9, 1, 1] }, Edge).ToList()).Message.Replace('/', ' '), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fold_is_tested_on_the_next_one_validated_on_and_common_classes_are_thinned_but_for_the_test()
    {
        using var store = CandidateStore.Write(_folder["store"], folds: 4);
        var cases = ClassificationCases.Select(store, new ClassificationSettings { CubeMm = Edge, Fold = 3, CandidateRatio = 2 });
        Assert.Equal(["0", "1"], cases.Classes);
        Assert.Equal(["scan1", "scan2"], cases.Train.Select(c => c.Subject).Distinct());
        Assert.Equal((4, 2), (cases.Train.Count(c => c.Label == 0), cases.Train.Count(c => c.Label == 1)));
        Assert.Equal((2, 1), (cases.Validation.Count(c => c.Label == 0), cases.Validation.Count(c => c is { Label: 1, Subject: "scan0" })));
        Assert.Equal((CandidateStore.Negatives, 1), (cases.Test.Count(c => c.Label == 0), cases.Test.Count(c => c is { Label: 1, Subject: "scan3" })));

        var other = ClassificationCases.Select(store, new ClassificationSettings { CubeMm = Edge, Fold = 3, CandidateRatio = 2, Seed = 5 });
        Assert.NotEqual(cases.Train.Select(c => c.Id), other.Train.Select(c => c.Id));

        var fault = Assert.Throws<ConfigurationException>(() => ClassificationCases.Select(store, new ClassificationSettings { CubeMm = Edge, Fold = 4 }));
        Assert.Contains("fold: received 4; the labelled cases of", fault.Message, StringComparison.Ordinal);
        Assert.Contains("are of the folds 0, 1, 2, 3", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_learns_to_tell_findings_from_false_alarms_and_evaluate_cuts_the_same_cubes()
    {
        using var store = CandidateStore.Write(_folder["store"], folds: 6);
        var settings = ClassificationTests.Tiny with { CubeMm = Edge, Fold = 1, Balance = ClassBalance.Sampling, Steps = 80, LearningRate = 0.1, Specificities = [0.8] };
        var result = new ClassificationFineTuning(settings).Run(store, "scratch", _folder["run"], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(CandidateStore.Negatives + 1, result.Test.Count);
        Assert.Equal((1, 1), (result.Summary.Auc, Assert.Single(result.Summary.Sensitivities).Sensitivity));

        var scores = ClassificationEvaluation.Run(_folder["run"], store, device: "cpu", fold: 1, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("fold 1", scores.Split);
        Assert.Equal(result.Test.Select(c => (c.Case, c.Truth, c.Probabilities[1])), scores.Cases.Select(c => (c.Case, c.Truth, c.Probabilities[1])));
        Assert.Throws<InputDataException>(() => ClassificationPrediction.Run(_folder["run"], [_folder["store"]], _folder["out"], new PredictSettings { Device = "cpu" }, cancellation: TestContext.Current.CancellationToken));
    }

    /// <summary>Nets of different folds are pooled case by case, and a stop between or within folds changes no bit.</summary>
    [Fact]
    public void All_folds_are_scored_together_each_case_by_the_net_that_has_not_seen_it()
    {
        using var store = CandidateStore.Write(_folder["store"], folds: 3);
        var settings = ClassificationTests.Tiny with { CubeMm = Edge, Balance = ClassBalance.Sampling, Steps = 12, LearningRate = 0.05, Specificities = [0.8] };
        var whole = new FoldedClassification(settings).Run(store, "scratch", _folder["whole"], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([0, 1, 2], whole.Folds.Select(f => f.Fold));
        Assert.Equal(3 * (CandidateStore.Negatives + 1), whole.Test.Select(c => c.Case).Distinct().Count());
        Assert.Equal(Conjoint.Tasks.Metrics.RocCurve.Auc([.. whole.Test.Select(c => c.Probabilities[1])], [.. whole.Test.Select(c => c.Truth == 1)]), whole.Summary.Auc);
        Assert.Equal(whole.Folds.Average(f => f.Auc), whole.AucMean, 12);
        foreach (var fold in whole.Folds)
        {
            var own = ClassificationEvaluation.Run(_folder[$"whole/fold{fold.Fold}"], store, device: "cpu", fold: fold.Fold, cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(own.Cases.Select(c => (c.Case, c.Probabilities[1])), whole.Test.Where(c => c.Case.StartsWith($"scan{fold.Fold}#", StringComparison.Ordinal)).Select(c => (c.Case, c.Probabilities[1])));
            Assert.Equal(own.Summary.Auc, fold.Auc);
        }

        var lines = MetricsReader.Read(_folder["whole/metrics.jsonl"]);
        Assert.Equal(whole.Test.Select((c, i) => (c.Case, (long?)i / (CandidateStore.Negatives + 1))), lines.Where(l => l.Has("case")).Select(l => (l.Text("case")!, l.Integer("fold"))));
        Assert.Equal(whole.Summary.Auc, lines.Single(l => l.Flag("summary")).Number("auc"));
        var html = File.ReadAllText(RunReport.Write(_folder["whole"]));
        Assert.Contains("ROC curve of 18 test cases", html, StringComparison.Ordinal);
        Assert.Equal(whole.AucStd, HtmlTables.Rows(html).Single(row => row.Head == "AUC of the folds, standard deviation").Cells[0].Value);

        FoldedClassificationResult? pieces = null;
        for (var attempts = 0; pieces is null; attempts++)
        {
            Assert.InRange(attempts, 0, 20);
            using var stop = new CancellationTokenSource();
            try
            {
                pieces = new FoldedClassification(settings).Run(store, "scratch", _folder["pieces"], resume: true, new StoppingObserver(stop, 8), stop.Token);
            }
            catch (OperationCanceledException)
            {
                // Goes on in the next attempt.
            }
        }

        Assert.Equal(File.ReadAllText(_folder["whole/metrics.jsonl"]), File.ReadAllText(_folder["pieces/metrics.jsonl"]));
    }

    [Fact]
    public void Folds_that_cannot_be_pooled_are_refused_before_any_is_trained()
    {
        using var store = CandidateStore.Write(_folder["store"], folds: 2);
        string Fault(ClassificationSettings settings, string run) =>
            Assert.Throws<ConfigurationException>(() => new FoldedClassification(settings).Run(store, "scratch", _folder[run], cancellation: TestContext.Current.CancellationToken)).Message;
        Assert.Contains("are of 2 folds; expected at least three", Fault(ClassificationTests.Tiny with { CubeMm = Edge }, "none"), StringComparison.Ordinal);
        Assert.Contains("one of them", Fault(ClassificationTests.Tiny with { CubeMm = Edge, Fold = 1 }, "none"), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["one/checkpoints"]);
        Assert.Contains("a run of one net", Fault(ClassificationTests.Tiny with { CubeMm = Edge }, "one"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["none"]));
    }
}
