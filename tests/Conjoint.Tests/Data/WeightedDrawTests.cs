using Conjoint.Data;
using Conjoint.Data.Augmentation;

namespace Conjoint.Tests.Data;

/// <summary>How often samples of each data set stand in an epoch.</summary>
public class WeightedDrawTests
{
    // Samples 0 to 59 are of "CT", 60 to 89 of "XRay", 90 to 99 of "MR".
    private static string SetOf(int sample) => sample < 60 ? "CT" : sample < 90 ? "XRay" : "MR";

    private static EpochOrder Order(int epoch, params (string Name, double Weight)[] weights) =>
        new(100, new LoaderSettings { BatchSize = 10, DataWeights = weights.ToDictionary(w => w.Name, w => w.Weight) }, seed: 3, epoch, 0, SetOf);

    private static long[] Draws(EpochOrder order) => [.. Enumerable.Range(0, order.Batches).SelectMany(order.Batch)];

    private static (int, int, int) Counts(EpochOrder order)
    {
        var sets = Draws(order).CountBy(s => SetOf((int)s)).ToDictionary();
        return (sets.GetValueOrDefault("CT"), sets.GetValueOrDefault("XRay"), sets.GetValueOrDefault("MR"));
    }

    [Fact]
    public void Without_weights_every_sample_comes_once_in_the_order_of_before()
    {
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), Draws(Order(0)).Order());
        var plain = new EpochOrder(100, new LoaderSettings { BatchSize = 10 }, seed: 3, epoch: 2, firstBatch: 0);
        Assert.Equal(Draws(plain), Draws(Order(2)));
        Assert.Equal(RandomStream.For(3, 0, 2, plain.Batch(4)[6]).NextDouble(), plain.StreamOf(4, 6).NextDouble());
    }

    [Theory]
    [InlineData(4, 1, 1, 86, 11, 3)]     // 240 : 30 : 10 of 280: 85.7, 10.7, 3.6; the two largest remainders round up
    [InlineData(1, 2, 1, 46, 46, 8)]     // 60 : 60 : 10 of 130: 46.2, 46.2, 7.7
    [InlineData(1, 1, 0, 67, 33, 0)]     // 60 : 30 of 90: 66.7, 33.3
    [InlineData(0, 0, 1, 0, 0, 100)]
    [InlineData(1, 1, 1, 60, 30, 10)]
    public void Shares_follow_weight_times_number(double ct, double xray, double mr, int ctDraws, int xrayDraws, int mrDraws) =>
        Assert.Equal((ctDraws, xrayDraws, mrDraws), Counts(Order(1, ("ct", ct), ("XRay", xray), ("MR", mr))));

    [Fact]
    public void A_set_that_is_not_named_has_weight_one() => Assert.Equal(Counts(Order(0, ("MR", 6), ("CT", 1), ("XRay", 1))), Counts(Order(0, ("MR", 6))));

    [Fact]
    public void Samples_of_a_set_come_alike_often()
    {
        var times = Draws(Order(0, ("MR", 6))).Where(s => s >= 90).CountBy(s => s).Select(c => c.Value).ToArray();
        Assert.Equal(10, times.Length);
        Assert.Equal(40, times.Sum());           // 6·10 of 60 + 30 + 60
        Assert.All(times, t => Assert.Equal(4, t));
    }

    [Fact]
    public void Epochs_differ_and_the_same_epoch_is_the_same()
    {
        Assert.Equal(Draws(Order(0, ("MR", 2.5))), Draws(Order(0, ("MR", 2.5))));
        Assert.NotEqual(Draws(Order(0, ("MR", 2.5))), Draws(Order(1, ("MR", 2.5))));
        // Which CT samples are left out changes too.
        Assert.NotEqual(Draws(Order(0, ("CT", 0.2))).Where(s => s < 60).Order(), Draws(Order(1, ("CT", 0.2))).Where(s => s < 60).Order());
    }

    [Fact]
    public void A_sample_that_comes_again_in_an_epoch_gets_other_random_numbers()
    {
        var order = Order(0, ("MR", 6));
        var draws = Enumerable.Range(0, order.Batches).SelectMany(b => order.Batch(b).Select((sample, place) => (sample, Number: order.StreamOf(b, place).NextDouble()))).ToArray();
        Assert.Equal(draws.Length, draws.Select(d => d.Number).Distinct().Count());
    }

    [Fact]
    public void Two_processes_take_the_joint_epoch_between_them()
    {
        var settings = new LoaderSettings { BatchSize = 5, WorldSize = 2, DataWeights = new Dictionary<string, double> { ["MR"] = 6 } };
        var both = new[] { 0, 1 }.Select(rank => new EpochOrder(100, settings with { Rank = rank }, 3, 0, 0, SetOf)).ToArray();
        Assert.Equal(Draws(Order(0, ("MR", 6))).Order(), both.SelectMany(Draws).Order());
    }
}
