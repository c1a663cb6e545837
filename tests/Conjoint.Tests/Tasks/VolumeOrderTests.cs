using Conjoint.Tasks.Classification;

namespace Conjoint.Tests.Tasks;

public class VolumeOrderTests
{
    private static readonly int[] s_classes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2];

    [Theory]
    [InlineData(ClassBalance.None)]
    [InlineData(ClassBalance.Loss)]
    public void An_epoch_has_every_volume_once(ClassBalance balance)
    {
        var order = new VolumeOrder(s_classes, balance, 3);
        Assert.Equal(Enumerable.Range(0, 12), order.Of(0).Order());
        Assert.NotEqual(order.Of(0), order.Of(1));
    }

    [Fact]
    public void A_balanced_epoch_has_equally_many_of_every_class_and_all_of_the_rare_ones()
    {
        var order = new VolumeOrder(s_classes, ClassBalance.Sampling, 3);
        var seen = new HashSet<int>();
        for (var epoch = 0; epoch < 20; epoch++)
        {
            var drawn = order.Of(epoch);
            Assert.Equal([4, 4, 4], drawn.GroupBy(i => s_classes[i]).OrderBy(g => g.Key).Select(g => g.Count()));
            Assert.Equal([2, 2], drawn.Where(i => s_classes[i] == 1).GroupBy(i => i).Select(g => g.Count()));
            seen.UnionWith(drawn);
        }

        Assert.Equal(12, seen.Count);
    }

    [Fact]
    public void Orders_depend_on_seed_and_epoch_alone()
    {
        var first = new VolumeOrder(s_classes, ClassBalance.Sampling, 3);
        var second = new VolumeOrder(s_classes, ClassBalance.Sampling, 3);
        second.Of(5);
        Assert.Equal(first.Of(2), second.Of(2));
        Assert.NotEqual(first.Of(2), new VolumeOrder(s_classes, ClassBalance.Sampling, 4).Of(2));
    }
}
