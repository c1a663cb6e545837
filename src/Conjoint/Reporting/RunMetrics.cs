using Conjoint.Training;
using Conjoint.Training.Monitoring;

namespace Conjoint.Reporting;

/// <summary>The lines of a run's metrics, sorted by what a report shows of them.</summary>
internal sealed class RunMetrics(IReadOnlyList<MetricsLine> lines)
{
    private static readonly string[] NoLearning = ["test", "comparison"];

    /// <summary>All lines in order.</summary>
    public IReadOnlyList<MetricsLine> Lines { get; } = lines;

    /// <summary>Stages in which something was learned, in order: those that have steps with a loss.</summary>
    public IReadOnlyList<string> Stages { get; } =
        [.. lines.Where(line => IsStep(line) && !NoLearning.Contains(line.Stage)).Select(line => line.Stage).Distinct()];

    /// <summary>Reads a run's metrics; a run that has written none yet has no lines.</summary>
    public static RunMetrics Read(RunFolder folder) =>
        new(File.Exists(folder.Metrics) ? MetricsReader.Read(folder.Metrics) : []);

    /// <summary>The steps of a stage.</summary>
    public IEnumerable<MetricsLine> Steps(string stage) => Lines.Where(line => line.Stage == stage && IsStep(line));

    /// <summary>A quantity over the steps of a stage. Steps that count anew in each epoch are numbered through.</summary>
    public Curve OverSteps(string stage, string key)
    {
        var steps = Steps(stage).ToArray();
        var numbers = steps.Select(line => line.Integer("step")!.Value).ToArray();
        var rising = numbers.Zip(numbers.Skip(1)).All(pair => pair.First < pair.Second);
        return new Curve(key, [.. steps
            .Select((line, i) => (X: rising ? numbers[i] : (double)i, Y: line.Number(key)))
            .Where(point => point.Y is { } y && double.IsFinite(y))
            .Select(point => (point.X, point.Y!.Value))]);
    }

    /// <summary>A quantity at the ends of a stage's epochs.</summary>
    public Curve OverEpochs(string stage, string key, string? split = null) => new(key, [.. Lines
        .Where(line => line.Stage == stage && line.Text("split") == split && line.Integer("epoch") is not null)
        .Where(line => line.Number(key) is { } value && double.IsFinite(value))
        .Select(line => ((double)line.Integer("epoch")!.Value, line.Number(key)!.Value))]);

    /// <summary>The last number of a name in a stage, or null.</summary>
    public double? Last(string stage, string key) =>
        Lines.LastOrDefault(line => line.Stage == stage && line.Text("split") is null && line.Has(key))?.Number(key);

    /// <summary>Test scores by case; a case that was tested again has its last scores.</summary>
    public IReadOnlyList<MetricsLine> TestCases => [.. Lines
        .Where(line => line.Stage == "test" && line.Text("case") is not null)
        .GroupBy(line => (line.Text("split"), line.Text("case")))
        .Select(group => group.Last())];

    /// <summary>The means over all test cases, or null.</summary>
    public MetricsLine? TestSummary => Lines.LastOrDefault(line => line.Stage == "test" && line.Flag("summary"));

    /// <summary>All alarms in order.</summary>
    public IEnumerable<Alarm> Alarms => Lines.SelectMany(Training.Monitoring.Alarms.Check);

    private static bool IsStep(MetricsLine line) => line.Integer("step") is not null && line.Has("loss") && line.Text("split") is null;
}
