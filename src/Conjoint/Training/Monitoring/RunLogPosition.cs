namespace Conjoint.Training.Monitoring;

/// <summary>How far the logs of a run had come when a checkpoint was written. Belongs into the checkpoint.</summary>
/// <param name="MetricsBytes">Length of <c>metrics.jsonl</c>.</param>
/// <param name="EventsBytes">Length of the TensorBoard event file.</param>
public sealed record RunLogPosition(long MetricsBytes, long EventsBytes);
