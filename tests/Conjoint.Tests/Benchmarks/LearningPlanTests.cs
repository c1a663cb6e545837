using Conjoint.Benchmarks.Cells;
using Conjoint.Benchmarks.Learning;
using Conjoint.TestSupport;
using Conjoint.Training;

namespace Conjoint.Tests.Benchmarks;

public sealed class LearningPlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LearningData _data;
    private readonly LearningPlan _plan;

    public LearningPlanTests()
    {
        _data = LearningData.Prepare(_folder.Path, data: null, SilentObserver.Instance, TestContext.Current.CancellationToken);
        _plan = new LearningPlan(_folder.Path, LearningSettings.Of("tiny"), _data);
    }

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    /// <summary>Scale tiny: 2 seeds, 2 draws, 1, 2 and all labels, 2 rates on 1 selection draw, 3 probes.</summary>
    [Fact]
    public void Every_cell_is_planned_once_and_after_what_it_needs()
    {
        int Count(string kind) => _plan.Cells.Count(c => c.Kind == kind);
        Assert.Equal(4 * 2, Count("pretrain"));
        Assert.Equal(7 * 2 * 1, Count("rate"));
        Assert.Equal((7 * 2 * 2) + (3 * 2 * 2) + (3 * 2 * 1), Count("finetune"));
        Assert.Equal(3 * ((3 * 2) + 2), Count("probe"));
        Assert.Equal(_plan.Cells.Count, new CellRunner(_plan.Cells, _folder.Path).Count);
    }

    [Fact]
    public void The_main_claim_comes_first()
    {
        List<string> ids = [.. _plan.Cells.Select(c => c.Id)];
        Assert.Equal(["pretrain/slices/seed0", "pretrain/all/seed0"], ids[..2]);
        int Last(string part) => ids.FindLastIndex(i => i.Contains(part, StringComparison.Ordinal));
        int First(string part) => ids.FindIndex(i => i.Contains(part, StringComparison.Ordinal));
        Assert.True(Last("finetune/all/labels-1/seed0") < First("seed1"));
        Assert.True(Last("finetune/all/labels-1/") < First("no-masked"));
        Assert.True(Last("labels-1/") < First("labels-2/"));
        Assert.True(Last("labels-2/") < First("labels-all/"));
        // All arms of a draw stand together, so that pairs are soon complete.
        Assert.Equal(
            ["finetune/scratch/labels-1/seed0/draw0", "finetune/slices/labels-1/seed0/draw0", "finetune/all/labels-1/seed0/draw0"],
            ids.Where(i => i.Contains("/labels-1/seed0/draw0", StringComparison.Ordinal)).Take(3));
    }

    [Fact]
    public void Arms_need_their_own_pre_training_and_their_own_rates()
    {
        foreach (var ((arm, labels, seed, draw), cell) in _plan.Scores)
        {
            string[] expected =
            [
                .. LearningArm.IsScratch(arm) ? Array.Empty<string>() : [$"pretrain/{(arm == LearningArm.Context ? LearningArm.All : arm)}/seed{seed}"],
                .. new[] { "0.05", "0.1" }.Select(rate => $"rate/{arm}/{rate}/draw0"),
            ];
            Assert.Equal(expected, cell.Needs.Select(n => n.Id));
            Assert.Equal($"finetune/{arm}/labels-{labels}/seed{seed}/draw{draw}", cell.Id);
        }

        Assert.All(_plan.Tries.SelectMany(t => t.Value), cell => Assert.All(cell.Needs, n => Assert.EndsWith("seed0", n.Id, StringComparison.Ordinal)));
        foreach (var ((arm, seed), cell) in _plan.Pretrainings)
            Assert.Equal(arm == LearningArm.Slices ? [] : [$"pretrain/slices/seed{seed}"], cell.Needs.Select(n => n.Id));
    }

    /// <summary>What the volume encoder's context does is told by arms that differ in nothing else.</summary>
    [Fact]
    public void Arm_context_differs_from_all_in_the_context_alone()
    {
        var needs = new CellResult { Cell = "x", Digest = "x", Numbers = new Dictionary<string, double> { ["rate"] = 0.1, ["encoder_rate"] = 1, ["dice"] = 0.5 } };
        string[] Lines(string arm)
        {
            var cell = _plan.Scores[(arm, "1", 1, 1)];
            return cell.Settings([.. cell.Needs.Select(_ => needs)]).Split('\n');
        }

        Assert.Equal(["volume_context: true"], Lines(LearningArm.Context).Except(Lines(LearningArm.All)));
        Assert.Empty(Lines(LearningArm.All).Except(Lines(LearningArm.Context)));
    }

    /// <summary>The held-out cases of the labelled store are in the digests of scored cells and of nothing that is trained or chosen before.</summary>
    [Fact]
    public void What_is_chosen_never_depends_on_held_out_cases()
    {
        string[] heldOut = [.. _data.Segmentation.Cases.Where(c => c.Split != Conjoint.Data.Split.Train).Select(c => c.ImageChecksum)];
        var needs = new CellResult { Cell = "x", Digest = "x", Numbers = new Dictionary<string, double> { ["rate"] = 0.1, ["encoder_rate"] = 1, ["dice"] = 0.5 } };
        foreach (var cell in _plan.Cells.Where(c => c.Kind != "probe"))
        {
            var text = cell.Settings([.. cell.Needs.Select(_ => needs)]);
            Assert.All(heldOut, checksum => Assert.Equal(cell.Kind == "finetune", text.Contains(checksum, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void The_best_rates_have_the_best_mean_and_are_of_equals_the_smallest()
    {
        static CellResult Try(double rate, double dice, double encoder = 1) =>
            new() { Cell = "x", Digest = "x", Numbers = new Dictionary<string, double> { ["rate"] = rate, ["encoder_rate"] = encoder, ["dice"] = dice } };
        Assert.Equal(new FineTuneRates(0.1, 1), FineTuningCells.Best([Try(0.05, 0.9), Try(0.1, 0.7), Try(0.05, 0.1), Try(0.1, 0.7)]));
        Assert.Equal(new FineTuneRates(0.05, 1), FineTuningCells.Best([Try(0.1, 0.5), Try(0.05, 0.5), Try(0.2, 0.4)]));
        Assert.Equal(new FineTuneRates(0.05, 0.1), FineTuningCells.Best([Try(0.05, 0.5), Try(0.05, 0.5, 0.1), Try(0.1, 0.4, 0.1)]));
    }

    /// <summary>Work on a recipe: nothing that is scored on held-out subjects, and the encoder's share only where there are weights to keep.</summary>
    [Fact]
    public void Choices_alone_need_no_held_out_subject()
    {
        var settings = LearningSettings.Of("tiny") with { ChoicesOnly = true, Arms = [LearningArm.Scratch, LearningArm.All], EncoderRates = [0.1, 1] };
        Assert.Equal(
            [
                "pretrain/slices/seed0", "pretrain/all/seed0", "rate/scratch/0.05/draw0", "rate/scratch/0.1/draw0",
                "rate/all/0.05 (encoder 0.005)/draw0", "rate/all/0.05/draw0", "rate/all/0.1 (encoder 0.01)/draw0", "rate/all/0.1/draw0",
            ],
            new LearningPlan(_folder.Path, settings, _data).Cells.Select(c => c.Id));
    }

    [Fact]
    public void Arms_that_are_left_out_have_no_cell()
    {
        var plan = new LearningPlan(_folder.Path, LearningSettings.Of("tiny") with { Arms = [LearningArm.Scratch, LearningArm.Slices] }, _data);
        Assert.DoesNotContain(plan.Cells, c => c.Id.Contains("/all", StringComparison.Ordinal) || c.Id.Contains("masked", StringComparison.Ordinal));
        Assert.Equal(2 * 2 * 2, plan.Cells.Count(c => c.Kind == "finetune" && c.Id.Contains("labels-1/", StringComparison.Ordinal)));
    }
}
