using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Tasks.Classification;
using Conjoint.Tasks.Prediction;
using Conjoint.TestSupport;

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
}
