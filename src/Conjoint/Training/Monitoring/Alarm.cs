namespace Conjoint.Training.Monitoring;

/// <summary>Something in the metrics that a user should look at.</summary>
/// <param name="Stage">The stage that it befell.</param>
/// <param name="Epoch">The epoch, from 0; null where the line names none.</param>
/// <param name="Metric">The metric's name.</param>
/// <param name="Finding">What was seen, in one sentence with the number.</param>
/// <param name="Cure">What to do about it, in one sentence.</param>
public sealed record Alarm(string Stage, long? Epoch, string Metric, string Finding, string Cure);
