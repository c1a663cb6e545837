namespace Conjoint.Training.Optimisation;

/// <summary>The learning rate of every step: linear from a start to the base rate, then half a cosine to the final one.</summary>
/// <remarks>
/// As SwAV's array: the warm-up includes its end point and the cosine begins at the base rate, which therefore occurs twice; the
/// cosine would reach the final rate one step after the last. A warm-up of one step stays at the start.
/// </remarks>
public sealed class WarmupCosineSchedule
{
    private readonly double _base;
    private readonly double _final;
    private readonly double _start;

    /// <summary>Makes the schedule.</summary>
    /// <param name="baseRate">The rate after warm-up.</param>
    /// <param name="totalSteps">Steps of the whole training; at least 1.</param>
    /// <param name="warmupSteps">Steps of the warm-up, from 0 to <paramref name="totalSteps"/>.</param>
    /// <param name="finalRate">What the cosine falls to.</param>
    /// <param name="startRate">Where the warm-up begins.</param>
    /// <exception cref="ArgumentException">The numbers of steps are out of range.</exception>
    public WarmupCosineSchedule(double baseRate, long totalSteps, long warmupSteps, double finalRate = 0, double startRate = 0)
    {
        if (totalSteps < 1 || warmupSteps < 0 || warmupSteps > totalSteps)
            throw new ArgumentException($"WarmupCosineSchedule: {warmupSteps} warm-up steps of {totalSteps} must lie between 0 and all.", nameof(warmupSteps));
        (_base, _final, _start) = (baseRate, finalRate, startRate);
        (TotalSteps, WarmupSteps) = (totalSteps, warmupSteps);
    }

    /// <summary>Steps of the whole training.</summary>
    public long TotalSteps { get; }

    /// <summary>Steps of the warm-up.</summary>
    public long WarmupSteps { get; }

    /// <summary>The rate of a step, counted from 0; beyond the last it is the final rate.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    public double Rate(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (step < WarmupSteps)
            return WarmupSteps == 1 ? _start : _start + (_base - _start) * step / (WarmupSteps - 1);
        if (step >= TotalSteps)
            return _final;
        var share = (double)(step - WarmupSteps) / (TotalSteps - WarmupSteps);
        return _final + 0.5 * (_base - _final) * (1 + Math.Cos(Math.PI * share));
    }
}
