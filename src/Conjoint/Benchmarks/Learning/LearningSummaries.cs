using Conjoint.Benchmarks.Cells;
using Conjoint.Benchmarks.Statistics;
using Conjoint.Tasks.Metrics;
using Conjoint.Training;

namespace Conjoint.Benchmarks.Learning;

/// <summary>Sums up the finished cells of a plan.</summary>
internal sealed class LearningSummaries(LearningPlan plan, LearningSettings settings, CellRunner runner)
{
    private const long BootstrapSeed = 2023; // of no meaning but that it is always the same

    /// <summary>The comparisons, the hoped-for better arm first.</summary>
    private static readonly (string First, string Second)[] s_comparisons =
    [
        (LearningArm.All, LearningArm.Scratch),
        (LearningArm.Slices, LearningArm.Scratch),
        (LearningArm.All, LearningArm.Slices),
        (LearningArm.All, LearningArm.NoMasked),
        (LearningArm.All, LearningArm.LastLevel),
        (LearningArm.All, LearningArm.LongScratch),
        (LearningArm.Context, LearningArm.All),
    ];

    // The bootstrap takes a while, and a cell changes few comparisons.
    private readonly Dictionary<(string First, string Second, string Labels), ArmDifference> _known = [];

    /// <summary>The summary of what is finished now.</summary>
    public LearningSummary Now()
    {
        var rates = LearningArm.Every.Where(plan.Tries.ContainsKey).ToDictionary(arm => arm, Rates);
        return new LearningSummary
        {
            Finished = runner.Finished,
            Cells = runner.Count,
            Settings = settings,
            TestSubjects = plan.TestSubjects,
            Scores = [.. from labels in settings.Labels from arm in Arms(labels) select Score(arm, labels, rates[arm])],
            Differences = [.. from labels in settings.Labels from c in s_comparisons where Arms(labels).Contains(c.First) && Arms(labels).Contains(c.Second) select Difference(c.First, c.Second, labels)],
            Rates = [.. rates.Values.SelectMany(r => r)],
            Probes = [.. plan.Probes.GroupBy(p => (p.Task, p.Source)).Select(Probe)],
            Stages = [.. plan.Pretrainings.SelectMany(p => Stages(p.Key.Arm, p.Key.Seed, p.Value))],
        };
    }

    private IEnumerable<string> Arms(string labels) =>
        (labels == settings.Labels[0] ? LearningArm.Every : LearningArm.Main).Where(arm => plan.Scores.Keys.Any(k => k.Arm == arm));

    private IReadOnlyList<RateScore> Rates(string arm)
    {
        var tries = plan.Tries[arm].Select(runner.Result).OfType<CellResult>().ToList();
        FineTuneRates? chosen = tries.Count == plan.Tries[arm].Count ? FineTuningCells.Best(tries) : null;
        return
        [
            .. plan.RatesOf(arm).OrderBy(r => r.Rate).ThenBy(r => r.Encoder).Select(rates =>
            {
                var own = MeanStd.Of(tries.Where(t => FineTuningCells.RatesOf(t) == rates).Select(t => t.Numbers[FineTuningCells.Dice]));
                return new RateScore(arm, rates.Rate, rates.Encoder, own.Mean, own.Count, rates == chosen);
            }),
        ];
    }

    private ArmScore Score(string arm, string labels, IReadOnlyList<RateScore> rates)
    {
        var cells = plan.Scores.Where(s => s.Key.Arm == arm && s.Key.Labels == labels).ToList();
        var results = cells.Select(c => runner.Result(c.Value)).OfType<CellResult>().ToList();
        var dice = MeanStd.Of(results.Select(r => r.Numbers[FineTuningCells.Dice]));
        var chosen = rates.FirstOrDefault(r => r.IsChosen);
        return new ArmScore(
            arm, labels, chosen?.Rate ?? double.NaN, chosen?.EncoderRate ?? double.NaN, dice.Mean, dice.Std, results.Count, cells.Count,
            results.Count(r => r.Numbers[FineTuningCells.Diverged] > 0));
    }

    private ArmDifference Difference(string first, string second, string labels)
    {
        var differences = new PairedDifferences();
        var planned = 0;
        for (var seed = 0; seed < settings.Seeds; seed++)
        {
            for (var draw = 0; draw < plan.DrawsAt(labels); draw++)
            {
                planned++;
                if (runner.Result(plan.Scores[(first, labels, seed, draw)]) is { } a && runner.Result(plan.Scores[(second, labels, seed, draw)]) is { } b)
                    differences.Add(seed, draw, [.. a.Cases.Keys.Order(StringComparer.Ordinal).Select(subject => a.Cases[subject] - b.Cases[subject])]);
            }
        }

        if (_known.TryGetValue((first, second, labels), out var known) && known.Pairs == differences.Count)
            return known;
        var nested = HierarchicalBootstrap.Nested(differences, settings.Rounds, BootstrapSeed);
        var crossed = HierarchicalBootstrap.Crossed(differences, settings.Rounds, BootstrapSeed);
        return _known[(first, second, labels)] = new ArmDifference(
            first, second, labels, differences.Mean, nested.Low, nested.High, crossed.Low, crossed.High,
            differences.Count, planned, differences.Seeds.Count, differences.Draws.Count, differences.Subjects);
    }

    private ProbeScore Probe(IGrouping<(string Task, string Source), PlannedProbe> cells)
    {
        var results = cells.Select(c => runner.Result(c.Cell)).OfType<CellResult>().ToList();
        var name = cells.First().Score;
        var score = MeanStd.Of(results.Select(r => r.Numbers[name]));
        return new ProbeScore(
            cells.Key.Task, cells.Key.Source, name, score.Mean, score.Std, results.Count, cells.Count(),
            (int)(results.FirstOrDefault()?.Numbers["train"] ?? 0), (int)(results.FirstOrDefault()?.Numbers["test"] ?? 0));
    }

    private IEnumerable<StageSummary> Stages(string arm, int seed, Cell cell)
    {
        if (runner.Result(cell) is not { Numbers: var numbers })
            yield break;
        foreach (var stage in StageName.All.Where(s => numbers.ContainsKey($"{s}_steps")))
        {
            double Of(string name) => numbers.GetValueOrDefault($"{stage}_{name}", double.NaN);
            yield return new StageSummary(
                arm, seed, stage, (int)Of("steps"), Of("loss_first"), Of("loss_last"), Of("embedding_std"), Of("effective_rank"), Of("prototype_usage_entropy"), (int)Of("alarms"));
        }
    }
}
