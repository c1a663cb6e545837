using Conjoint.Training.Monitoring;

namespace Conjoint.Tests.Training.Monitoring;

public sealed class AlarmsTests
{
    [Theory]
    [InlineData("embedding_std", 0.09)]
    [InlineData("prototype_usage_entropy", 0.4)]
    [InlineData("effective_rank", 1.4)]
    [InlineData("data_wait_fraction", 0.03)]
    [InlineData("loss", double.NaN)]
    public void A_bad_value_raises_one_alarm_with_its_cure(string metric, double value)
    {
        var alarm = Assert.Single(Alarms.Check(new MetricsLine("slices").Add("epoch", 4).Add(metric, value)));
        Assert.Equal(("slices", 4L, metric), (alarm.Stage, alarm.Epoch, alarm.Metric));
        Assert.NotEmpty(alarm.Cure);
    }

    [Fact]
    public void A_healthy_epoch_raises_none() =>
        Assert.Empty(Alarms.Check(new MetricsLine("slices").Add("epoch", 4).Add("loss", 2.0).Add("embedding_std", 0.8)
            .Add("prototype_usage_entropy", 0.98).Add("effective_rank", 9.0).Add("data_wait_fraction", 0.001)));

    [Fact]
    public void A_single_step_may_wait_for_data() =>
        Assert.Empty(Alarms.Check(new MetricsLine("slices").Add("step", 4).Add("data_wait_fraction", 0.5)));

    [Fact]
    public void Findings_name_the_number_and_the_limit() =>
        Assert.Equal(
            "Training waits for data 3.5 % of the time (alarm above 2 %).",
            Alarms.Check(new MetricsLine("slices").Add("data_wait_fraction", 0.035))[0].Finding);
}
