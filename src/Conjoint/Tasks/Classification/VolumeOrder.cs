using Conjoint.Data.Augmentation;

namespace Conjoint.Tasks.Classification;

/// <summary>Which volume stands where in each epoch: every volume once, or equally many of every class.</summary>
/// <param name="classes">The class of each volume.</param>
/// <param name="balance">Whether classes are balanced by drawing.</param>
/// <param name="seed">Decides the orders.</param>
internal sealed class VolumeOrder(int[] classes, ClassBalance balance, long seed)
{
    private const long OrderStream = 0x0BDE5; // the name of a stream under one seed

    private readonly Lock _gate = new();
    private readonly Dictionary<long, int[]> _orders = [];

    /// <summary>Indices of volumes, as many as there are volumes. Safe from many threads.</summary>
    public int[] Of(long epoch)
    {
        lock (_gate)
        {
            if (!_orders.TryGetValue(epoch, out var order))
            {
                foreach (var old in _orders.Keys.Where(e => e < epoch - 1).ToArray())
                    _orders.Remove(old); // batches are made in order, so only neighbouring epochs are at work
                _orders[epoch] = order = Draw(RandomStream.For(seed, OrderStream, epoch));
            }

            return order;
        }
    }

    private int[] Draw(RandomStream random) => balance == ClassBalance.Sampling ? DrawBalanced(random) : random.Permutation(classes.Length);

    /// <summary>The classes take turns, from a drawn one on; within a class every volume comes once before any comes again.</summary>
    private int[] DrawBalanced(RandomStream random)
    {
        int[][] members = [.. Enumerable.Range(0, classes.Length).GroupBy(i => classes[i]).OrderBy(g => g.Key).Select(g => g.ToArray())];
        var places = members.Select(m => m.Length).ToArray();
        var turn = random.NextInt(members.Length);
        var order = new int[classes.Length];
        for (var i = 0; i < order.Length; i++)
        {
            var k = (turn + i) % members.Length;
            if (places[k] == members[k].Length)
            {
                random.Shuffle<int>(members[k]);
                places[k] = 0;
            }

            order[i] = members[k][places[k]++];
        }

        random.Shuffle<int>(order);
        return order;
    }
}
