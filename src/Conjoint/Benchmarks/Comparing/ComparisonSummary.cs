using Conjoint.Benchmarks.Cells;
using Conjoint.Benchmarks.Statistics;
using Conjoint.Tasks.Metrics;

namespace Conjoint.Benchmarks.Comparing;

/// <summary>What a comparison has come to so far.</summary>
/// <param name="Task"><c>segment</c>, <c>classify</c> or <c>detect</c>.</param>
/// <param name="Score">What the score is: Dice, AUC, or AP at IoU 0.5.</param>
/// <param name="Labels">Labelled subjects, as asked for.</param>
/// <param name="Runs">Fine-tunings of each start.</param>
/// <param name="Arms">A score a start, scratch last.</param>
/// <param name="Differences">Every other start against scratch.</param>
/// <param name="Finished">Finished fine-tunings.</param>
public sealed record ComparisonSummary(string Task, string Score, string Labels, int Runs, IReadOnlyList<ComparedArm> Arms, IReadOnlyList<ComparedDifference> Differences, int Finished)
{
    /// <summary>Whether nothing is missing.</summary>
    public bool IsComplete => Finished == Runs * Arms.Count;
}

/// <summary>The score of a start.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Scores">The finished runs' scores in [0, 1], by seed.</param>
/// <param name="Mean">Their mean; NaN without one.</param>
/// <param name="Std">Their sample standard deviation (n − 1); NaN for fewer than two.</param>
/// <param name="Diverged">Runs whose loss stopped being finite; they count as 0.</param>
public sealed record ComparedArm(string Name, IReadOnlyDictionary<int, double> Scores, double Mean, double Std, int Diverged);

/// <summary>A paired comparison with training from scratch.</summary>
/// <param name="Name">The other start.</param>
/// <param name="Mean">Mean difference over pairs of equal seed, the start's score − scratch's; NaN without a pair.</param>
/// <param name="Low">Lower end of the 95 % interval: of seeds and test subjects resampled across one another, or, where a case has no score of its own, Student's over pairs; NaN for fewer than two pairs.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Pairs">Runs of equal seed that both have finished.</param>
/// <param name="Ahead">In how many of them the start scored higher.</param>
/// <param name="Tested">What Wilcoxon's test compares: test subjects with their means over the pairs, or where a case has no score of its own, the pairs.</param>
/// <param name="P">Its two-sided p-value, corrected after Holm for all starts; NaN without a pair.</param>
/// <param name="ByPairs">Whether a case has no score of its own, so that only the pairs' spread is known.</param>
public sealed record ComparedDifference(string Name, double Mean, double Low, double High, int Pairs, int Ahead, int Tested, double P, bool ByPairs)
{
    // A bootstrap of fewer seeds is too narrow: with two, its ends are the two differences.
    private const int FewestResampled = 5;
    private const double Significant = 0.05;

    /// <summary>What the numbers say, in a few words, and no more than they bear.</summary>
    public string Verdict => Pairs switch
    {
        0 => "no pair yet",
        1 => "one pair can't tell a difference from luck",
        < FewestResampled when !ByPairs => $"{Pairs} pairs are too few to tell, {FewestResampled} are wanted",
        _ when !ByPairs && P >= Significant => "not told from scratch",
        _ when ByPairs && !(High > Low) => "not told from scratch",   // equal gaps of a coarse score say nothing of their spread
        _ => Low > 0 ? "better than scratch" : High < 0 ? "worse than scratch" : "not told from scratch",
    };
}

/// <summary>Sums up the finished runs of a comparison.</summary>
internal sealed class ComparisonSummaries(ComparisonPlan plan, CellRunner runner)
{
    private const int Rounds = 10_000;
    private const long BootstrapSeed = 1;

    /// <summary>As it stands now.</summary>
    public ComparisonSummary Now()
    {
        var results = plan.Arms.ToDictionary(a => a.Name, a => Enumerable.Range(0, plan.Runs).Select(run => (Run: run, Result: runner.Result(plan.Of(a, run)))).Where(r => r.Result is not null)
            .ToDictionary(r => r.Run, r => r.Result!));
        var scratch = results[ComparisonArm.Scratch.Name];
        List<ComparedDifference> differences = [.. plan.Arms.Where(a => a != ComparisonArm.Scratch).Select(a => Difference(a.Name, results[a.Name], scratch))];
        var adjusted = HolmCorrection.Adjust([.. differences.Where(d => d.Pairs > 0).Select(d => d.P)]);
        var next = 0;
        return new ComparisonSummary(
            plan.Task, plan.Score, plan.Settings.Labels, plan.Runs, [.. plan.Arms.Select(a => Arm(a.Name, results[a.Name]))],
            [.. differences.Select(d => d.Pairs > 0 ? d with { P = adjusted[next++] } : d)], runner.Finished);
    }

    private ComparedArm Arm(string name, Dictionary<int, CellResult> results)
    {
        var scores = results.OrderBy(r => r.Key).ToDictionary(r => plan.SeedOf(r.Key), r => r.Value.Numbers[FineTunedScores.Score]);
        var mean = MeanStd.Of(scores.Values);
        return new ComparedArm(name, scores, mean.Mean, mean.Std, results.Values.Count(r => r.Numbers[FineTunedScores.Diverged] > 0));
    }

    private ComparedDifference Difference(string name, Dictionary<int, CellResult> ours, Dictionary<int, CellResult> scratch)
    {
        var runs = ours.Keys.Where(scratch.ContainsKey).Where(r => double.IsFinite(Score(ours[r]) - Score(scratch[r]))).Order().ToArray();
        if (runs.Length == 0)
            return new ComparedDifference(name, double.NaN, double.NaN, double.NaN, 0, 0, 0, double.NaN, false);

        // A run that diverged has no cases and scores 0 in every one. A case without a class in truth and prediction has no score.
        string[] cases = [.. runs.SelectMany(r => ours[r].Cases.Keys.Concat(scratch[r].Cases.Keys)).Distinct().Order(StringComparer.Ordinal)];
        cases = [.. cases.Where(c => runs.All(r => double.IsFinite(Case(ours[r], c)) && double.IsFinite(Case(scratch[r], c))))];
        if (cases.Length == 0)
        {
            double[] gaps = [.. runs.Select(r => Score(ours[r]) - Score(scratch[r]))];
            var student = StudentInterval.Of(gaps);
            return new ComparedDifference(
                name, gaps.Average(), student.Low, student.High, runs.Length, gaps.Count(g => g > 0), runs.Length,
                WilcoxonSignedRank.Of([.. runs.Select(r => Score(ours[r]))], [.. runs.Select(r => Score(scratch[r]))]).P, ByPairs: true);
        }

        // Several scans of one person are no independent witnesses: a subject counts with the mean of its cases.
        var subjects = cases.GroupBy(plan.SubjectOf).Select(g => g.ToArray()).ToArray();
        double[] BySubject(CellResult result) => [.. subjects.Select(of => of.Average(c => Case(result, c)))];
        double[] OverRuns(Dictionary<int, CellResult> results) => [.. runs.Select(r => BySubject(results[r])).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]).Select(sum => sum / runs.Length)];

        var differences = new PairedDifferences();
        var ahead = 0;
        foreach (var run in runs)
        {
            double[] gaps = [.. BySubject(ours[run]).Zip(BySubject(scratch[run]), (a, b) => a - b)];
            differences.Add(run, 0, gaps);
            ahead += gaps.Average() > 0 ? 1 : 0;
        }

        var interval = runs.Length > 1 ? HierarchicalBootstrap.Crossed(differences, Rounds, BootstrapSeed) : new Interval(double.NaN, double.NaN);
        return new ComparedDifference(
            name, differences.Mean, interval.Low, interval.High, runs.Length, ahead, subjects.Length,
            WilcoxonSignedRank.Of(OverRuns(ours), OverRuns(scratch)).P, ByPairs: false);
    }

    private static double Score(CellResult result) => result.Numbers[FineTunedScores.Score];

    private static double Case(CellResult result, string id) => result.Cases.GetValueOrDefault(id);
}
