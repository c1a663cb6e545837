using Conjoint.Training.Monitoring;

namespace Conjoint.Tests.Tasks;

/// <summary>The metrics of a run as text that two equal runs share.</summary>
internal static class RunMetricsText
{
    /// <summary>Every line without the speed of the machine.</summary>
    public static string[] WithoutTimes(string run) =>
        [.. MetricsReader.Read(Path.Combine(run, "metrics.jsonl")).Select(line => string.Join(", ", line.Values
            .Where(v => v.Key is not ("samples_per_second" or "data_wait_fraction")).Select(v => FormattableString.Invariant($"{v.Key}={v.Value}"))))];
}
