using Conjoint.Imaging;
using Conjoint.Training;
using Conjoint.Training.Monitoring;

namespace Conjoint.Reporting;

/// <summary>What a folder of comparison holds: the arms, their seeds and runs, and the scores.</summary>
internal sealed class Comparison
{
    /// <summary>The arm that the others are measured against.</summary>
    public const string Baseline = "scratch";

    private readonly IReadOnlyList<MetricsLine> lines;

    private Comparison(string folder, IReadOnlyList<MetricsLine> lines)
    {
        this.lines = lines;
        Arms = [.. lines.Select(line => line.Text("arm")!).Distinct().OrderBy(arm => arm == Baseline)];
        Runs = [.. SeedLines.Select(line => Run.Read(folder, line.Text("arm")!, line.Integer("seed")!.Value))];
    }

    /// <summary>The arms, the baseline last.</summary>
    public IReadOnlyList<string> Arms { get; }

    /// <summary>One fine-tuning run for each arm and seed.</summary>
    public IReadOnlyList<Run> Runs { get; }

    /// <summary>One line for each arm and seed; of a comparison made twice, the last.</summary>
    public IReadOnlyList<MetricsLine> SeedLines => [.. lines
        .Where(line => line.Integer("seed") is not null && !line.Flag("summary"))
        .GroupBy(line => (line.Text("arm"), line.Integer("seed")))
        .Select(group => group.Last())];

    public static Comparison Read(string folder)
    {
        var path = Path.Combine(folder, "metrics.jsonl");
        var lines = MetricsReader.Read(path).Where(line => line.Stage == "comparison" && line.Text("arm") is not null).ToArray();
        return lines.Length > 0 ? new Comparison(folder, lines)
            : throw new InputDataException(path, "holds no line of stage 'comparison'; expected the scores of each arm and seed.");
    }

    /// <summary>Names of the scores that are compared: those of the seeds' lines.</summary>
    public IReadOnlyList<string> Keys => ScoreSection.Keys(SeedLines);

    /// <summary>A score by seed for one arm.</summary>
    public IReadOnlyDictionary<long, double> BySeed(string arm, string key) => SeedLines
        .Where(line => line.Text("arm") == arm && line.Number(key) is { } value && double.IsFinite(value))
        .ToDictionary(line => line.Integer("seed")!.Value, line => line.Number(key)!.Value);

    /// <summary>Mean and standard deviation (n − 1) over the seeds: as the metrics give them, otherwise from the seeds' lines.</summary>
    public (double? Mean, double? Std) OverSeeds(string arm, string key)
    {
        var summary = lines.LastOrDefault(line => line.Text("arm") == arm && line.Flag("summary"));
        if (summary?.Number(key + "_mean") is { } mean)
            return (mean, summary.Number(key + "_std"));
        var values = BySeed(arm, key).Values.ToArray();
        return values.Length == 0 ? (null, null) : (values.Average(), Spread.Std(values));
    }

    /// <summary>What whoever compared the arms concluded of one of them; null where it was left to the page.</summary>
    public string? VerdictOf(string arm) => lines.LastOrDefault(line => line.Text("arm") == arm && line.Text("verdict") is not null)?.Text("verdict");

    /// <summary>Differences arm − baseline of a score, seed by seed.</summary>
    public IReadOnlyList<double> Differences(string arm, string key)
    {
        var baseline = BySeed(Baseline, key);
        return [.. BySeed(arm, key).Where(pair => baseline.ContainsKey(pair.Key)).OrderBy(pair => pair.Key).Select(pair => pair.Value - baseline[pair.Key])];
    }

    /// <summary>For each test case, a score's mean over the seeds: of the arm and of the baseline, where both have it.</summary>
    public IReadOnlyList<(string Case, double Arm, double Baseline)> ByCase(string arm, string key)
    {
        var (ours, theirs) = (CaseMeans(arm, key), CaseMeans(Baseline, key));
        return [.. ours.Where(pair => theirs.ContainsKey(pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => (pair.Key, pair.Value, theirs[pair.Key]))];
    }

    /// <summary>A run that diverged has no test cases, and counts as 0 in every one: as in the mean over the seeds.</summary>
    private Dictionary<string, double> CaseMeans(string arm, string key)
    {
        var diverged = SeedLines.Where(line => line.Text("arm") == arm && line.Flag("diverged")).Select(line => line.Integer("seed")!.Value).ToHashSet();
        return Runs
            .Where(run => run.Arm == arm && !diverged.Contains(run.Seed))
            .SelectMany(run => run.Metrics.TestCases)
            .Where(line => line.Number(key) is { } value && double.IsFinite(value))
            .GroupBy(line => line.Text("case")!)
            .ToDictionary(group => group.Key, group => group.Sum(line => line.Number(key)!.Value) / (group.Count() + diverged.Count));
    }

    /// <summary>One fine-tuning run of a comparison.</summary>
    internal sealed record Run(string Arm, long Seed, RunFolder Folder, RunMetrics Metrics)
    {
        public static Run Read(string folder, string arm, long seed)
        {
            var run = new RunFolder(Path.Combine(folder, "finetune", FormattableString.Invariant($"{arm}-seed{seed}")));
            return new Run(arm, seed, run, RunMetrics.Read(run));
        }
    }
}
