using Conjoint.Objectives;
using Conjoint.Runtime;
using Conjoint.Tests.Golden;
using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Objectives;

public sealed class DeepClusterTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static SphericalKMeans KMeans(int iterations = 10, IProcessGroup? group = null) =>
        new(new SphericalKMeansSettings { Iterations = iterations }, group ?? SingleProcess.Instance);

    [Fact]
    public void Two_bunches_are_told_apart()
    {
        var rows = nn.functional.normalize(tensor(new double[] { 1, 0.1, 1, -0.1, -1, 0.2, -1, -0.2 }).reshape(4, 2), p: 2, dim: 1);
        var kMeans = KMeans();
        var (centroids, assignments) = kMeans.Cluster(rows, kMeans.Start(rows, [1, 2]));
        Assert.Equal([0, 0, 1, 1], assignments.data<long>().ToArray());
        Assert.True(allclose(centroids, tensor(new double[] { 1, 0, -1, 0 }).reshape(2, 2), rtol: 0, atol: 1e-12));
    }

    [Fact]
    public void An_empty_cluster_keeps_its_centroid_and_ties_go_to_the_lower_index()
    {
        var rows = nn.functional.normalize(tensor(new double[] { 1, 0.1, 1, -0.1, 1, 0 }).reshape(3, 2), p: 2, dim: 1);
        var start = tensor(new double[] { 1, 0, 1, 0, 0, 1 }).reshape(3, 2);
        var (centroids, assignments) = KMeans().Cluster(rows, start);
        Assert.Equal([0, 0, 0], assignments.data<long>().ToArray());
        Assert.True(allclose(centroids.narrow(0, 1, 2), start.narrow(0, 1, 2), rtol: 0, atol: 1e-15));
    }

    [Fact]
    public void Equals_plain_loops()
    {
        var rows = Noise.UnitRows(1, 50, 4);
        var kMeans = KMeans(iterations: 4);
        var start = kMeans.Start(rows, [3, 14, 15, 9, 26]);
        var (centroids, assignments) = kMeans.Cluster(rows, start);

        var expected = start.clone();
        long[] nearest = [];
        for (var round = 0; round <= 4; round++)
        {
            nearest = [.. Enumerable.Range(0, 50).Select(r => Enumerable.Range(0, 5).MaxBy(k => (rows[r] * expected[k]).sum().item<double>())).Select(k => (long)k)];
            for (var k = 0; k < 5 && round < 4; k++)
            {
                var members = Enumerable.Range(0, 50).Where(r => nearest[r] == k).Select(r => rows[r]).ToArray();
                if (members.Length > 0)
                    expected[k] = nn.functional.normalize(stack(members).mean([0]), p: 2, dim: 0);
            }
        }

        Assert.Equal(nearest, assignments.data<long>().ToArray());
        Assert.True(allclose(centroids, expected, rtol: 0, atol: 1e-12));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Several_processes_cluster_as_one(int worldSize)
    {
        var rows = Noise.UnitRows(2, 36, 5);
        var parts = rows.chunk(worldSize, 0);
        long[] first = [0, 2, 4, 6];
        var alone = KMeans().Cluster(rows, KMeans().Start(rows, first));
        var together = InMemoryGroup.Run(worldSize, group =>
        {
            var kMeans = KMeans(group: group);
            return kMeans.Cluster(parts[group.Rank], kMeans.Start(parts[group.Rank], first));
        });
        Assert.True(cat([.. together.Select(t => t.Assignments)], 0).Equals(alone.Assignments));
        Assert.All(together, t => Assert.True(allclose(t.Centroids, alone.Centroids, rtol: 0, atol: 1e-12)));
    }

    [Fact]
    public void The_first_centroids_may_come_from_any_process_s_rows()
    {
        var rows = Noise.UnitRows(3, 9, 4);
        Tensor[] parts = [rows.narrow(0, 0, 2), rows.narrow(0, 2, 6), rows.narrow(0, 8, 1)];      // unequal shares
        long[] drawn = [8, 0, 5, 7];
        var starts = InMemoryGroup.Run(3, group => KMeans(group: group).Start(parts[group.Rank], drawn));
        Assert.All(starts, start => Assert.True(start.Equals(rows.index_select(0, tensor(drawn)))));
        Assert.Throws<ArgumentException>(() => KMeans().Start(rows, [9]));
    }

    [Fact]
    public void Several_processes_with_unequal_numbers_of_ignored_samples_have_the_loss_of_one()
    {
        var scores = Noise.Uniform(4, -1, 1, 6, 3);
        var targets = tensor(new long[] { -100, -100, 1, 0, 2, 2 });
        var all = scores.clone().requires_grad_();
        var alone = new ClusterPrediction(0.1).Loss([[all], [all]], [targets]);
        alone.backward();
        var together = InMemoryGroup.Run(2, group =>
        {
            var own = scores.narrow(0, group.Rank * 3, 3).clone().requires_grad_();
            var loss = new ClusterPrediction(0.1, group).Loss([[own], [own]], [targets.narrow(0, group.Rank * 3, 3)]);
            loss.backward();
            return (Loss: loss.item<double>(), Gradient: own.grad!);
        });
        Assert.Equal(alone.item<double>(), together.Average(t => t.Loss), 12);
        Assert.True(allclose(cat([.. together.Select(t => t.Gradient / 2)], 0), all.grad!, rtol: 0, atol: 1e-12));
    }

    [Fact]
    public void Drawn_rows_differ_and_follow_the_given_numbers()
    {
        var cases = Gen.Choose(1, 30).SelectMany(rows => Gen.Choose(1, rows).SelectMany(k => Gen.Choose(0, int.MaxValue).Select(seed => (rows, k, seed)))).ToArbitrary();
        Prop.ForAll(cases, drawn =>
        {
            var rows = SphericalKMeans.DrawRows(drawn.rows, drawn.k, new Random(drawn.seed).Next);
            var again = SphericalKMeans.DrawRows(drawn.rows, drawn.k, new Random(drawn.seed).Next);
            return rows.SequenceEqual(again) && rows.Distinct().Count() == drawn.k && rows.All(r => r >= 0 && r < drawn.rows);
        }).QuickCheckThrowOnFailure();
        Assert.Throws<ArgumentException>(() => SphericalKMeans.DrawRows(3, 4, _ => 0));
    }

    [Fact]
    public void Every_row_is_drawn_equally_often()
    {
        var random = new Random(5);
        var counts = new int[4];
        for (var i = 0; i < 4000; i++)
        {
            foreach (var row in SphericalKMeans.DrawRows(4, 2, random.Next))
                counts[row]++;
        }

        Assert.All(counts, c => Assert.InRange(c, 1800, 2200));
    }

    [Fact]
    public void Samples_without_a_row_are_ignored()
    {
        using var bank = new MemoryBank(2, 4, 3);
        // Two data sets of five samples each: the second one's indices go on where the first one's end.
        bank.Store(0, [7, 2], [ones(2, 3), ones(2, 3)]);
        bank.Store(2, [5], [ones(1, 3), ones(1, 3)]);
        var targets = bank.Targets(tensor(new long[] { 3, 1, 0, 9 }), 10, SingleProcess.Instance);
        Assert.Equal([-100, -100, 1, -100, -100, 0, -100, 3, -100, -100], targets.data<long>().ToArray());
        Assert.Equal([7, 2, 5, -100], bank.Indices.data<long>().ToArray());
        Assert.Throws<ArgumentException>(() => bank.Store(3, [1, 2], [ones(2, 3), ones(2, 3)]));
        Assert.Throws<ArgumentException>(() => bank.Store(0, [-1], [ones(1, 3), ones(1, 3)]));
        Assert.Throws<ArgumentException>(() => bank.Store(0, [1], [ones(1, 3)]));
    }

    [Fact]
    public void Targets_of_several_processes_are_joined()
    {
        var targets = InMemoryGroup.Run(2, group =>
        {
            using var bank = new MemoryBank(1, 2, 3);
            bank.Store(0, group.Rank == 0 ? [4, 0] : [1, 3], [ones(2, 3)]);
            return bank.Targets(tensor(group.Rank == 0 ? new long[] { 5, 6 } : new long[] { 0, 7 }), 5, group).data<long>().ToArray();
        });
        Assert.All(targets, t => Assert.Equal([6, 0, -100, 7, 5], t));
    }

    [Fact]
    public void A_bank_s_state_comes_back_bit_for_bit()
    {
        using var bank = new MemoryBank(2, 3, 4, ScalarType.Float64);
        bank.Store(0, [2, 0], [Noise.Normal(1, 2, 4), Noise.Normal(2, 2, 4)]);
        using var other = new MemoryBank(2, 3, 4, ScalarType.Float64);
        other.LoadStateDict(bank.StateDict());
        Assert.True(other.Indices.Equals(bank.Indices) && other.Embeddings(0).Equals(bank.Embeddings(0)) && other.Embeddings(1).Equals(bank.Embeddings(1)));
        using var wrong = new MemoryBank(2, 4, 4, ScalarType.Float64);
        Assert.Throws<ArgumentException>(() => wrong.LoadStateDict(bank.StateDict()));
    }

    [Fact]
    public void Ignored_samples_do_not_count()
    {
        var scores = Noise.Uniform(3, -1, 1, 4, 3);
        var prediction = new ClusterPrediction(0.1);
        var kept = prediction.Loss([[scores.narrow(0, 0, 2)]], [tensor(new long[] { 2, 0 })]).item<double>();
        Assert.Equal(kept, prediction.Loss([[scores]], [tensor(new long[] { 2, 0, -100, -100 })]).item<double>(), 12);

        var none = scores.clone().requires_grad_();
        var loss = prediction.Loss([[none]], [full(4, -100, dtype: ScalarType.Int64)]);
        loss.backward();
        Assert.Equal(0, loss.item<double>());
        Assert.Equal(0, none.grad!.abs().sum().item<double>());
        Assert.Throws<ArgumentException>(() => prediction.Loss([[scores]], [tensor(new long[] { 1 })]));
    }

    [Fact]
    public void Only_results_are_left()
    {
        using var bank = new MemoryBank(1, 6, 4, ScalarType.Float64);
        var rows = Noise.UnitRows(4, 6, 4);
        var targets = tensor(new long[] { 0, 1, 2, 0, -100, 1 });
        var kMeans = KMeans();
        LeakGuard.AssertOnlyResults(() =>
        {
            bank.Store(0, [0, 1, 2, 3, 4, 5], [rows]);
            using var start = kMeans.Start(rows, [0, 1, 2]);
            var (centroids, assignments) = kMeans.Cluster(rows, start);
            return [centroids, assignments, bank.Targets(assignments, 6, SingleProcess.Instance), new ClusterPrediction(0.1).Loss([[rows]], [targets]), .. bank.StateDict().Values];
        });
    }
}
