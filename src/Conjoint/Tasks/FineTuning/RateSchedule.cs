using Conjoint.Training.Optimisation;

namespace Conjoint.Tasks.FineTuning;

/// <summary>What becomes of the learning rate while a net is fine-tuned.</summary>
public enum RateSchedule
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>Half a cosine from the rate down to 0: the last weights, and the batch-norm statistics with them, come to rest.</summary>
    Cosine,
}

/// <summary>The rate of a step under a schedule.</summary>
internal static class RateSchedules
{
    /// <param name="schedule">The schedule.</param>
    /// <param name="rate">The rate at the start.</param>
    /// <param name="step">From 0.</param>
    /// <param name="steps">Steps in all.</param>
    public static double At(this RateSchedule schedule, double rate, long step, long steps) =>
        schedule == RateSchedule.Cosine ? new WarmupCosineSchedule(rate, steps, warmupSteps: 0).Rate(step) : rate;
}
