using Conjoint.Training.Optimisation;

namespace Conjoint.Tests.Training.Optimisation;

public sealed class WarmupCosineScheduleTests
{
    [Fact]
    public void Seven_steps_by_hand()
    {
        var schedule = new WarmupCosineSchedule(1, totalSteps: 7, warmupSteps: 3, finalRate: 0.2, startRate: 0.5);
        double[] expected = [0.5, 0.75, 1, 1, 0.6 + 0.4 * Math.Cos(Math.PI / 4), 0.6, 0.6 - 0.4 * Math.Cos(Math.PI / 4)];
        Assert.All(expected.Select((rate, step) => (rate, step)), pair => Assert.Equal(pair.rate, schedule.Rate(pair.step), 14));
        Assert.Equal(0.2, schedule.Rate(7));
    }

    [Fact]
    public void Without_warm_up_the_cosine_begins_at_once()
    {
        var schedule = new WarmupCosineSchedule(1, totalSteps: 2, warmupSteps: 0);
        Assert.Equal([1, 0.5, 0], new[] { schedule.Rate(0), schedule.Rate(1), schedule.Rate(2) }.Select(r => Math.Round(r, 14)));
    }

    [Fact]
    public void A_warm_up_of_one_step_stays_at_its_start_and_one_of_all_steps_ends_at_the_base()
    {
        Assert.Equal(0.1, new WarmupCosineSchedule(1, 5, 1, startRate: 0.1).Rate(0));
        Assert.Equal(1, new WarmupCosineSchedule(1, 5, 5).Rate(4));
    }

    [Fact]
    public void Impossible_steps_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new WarmupCosineSchedule(1, 0, 0));
        Assert.Throws<ArgumentException>(() => new WarmupCosineSchedule(1, 5, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WarmupCosineSchedule(1, 5, 1).Rate(-1));
    }
}
