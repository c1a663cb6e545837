using Conjoint.Runtime;
using Conjoint.TestSupport;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Runtime;

/// <summary>Real processes that share a batch, against one process that has all of it.</summary>
public sealed class ProcessGroupTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Several_processes_have_codes_clusters_losses_and_gradients_of_one(int worldSize)
    {
        var alone = GroupWork.Compute(SingleProcess.Instance);
        var children = await Start("compute", worldSize);
        Assert.All(children, child => Assert.True(child.ExitCode == 0, child.Out + child.Error));

        var together = Enumerable.Range(0, worldSize).Select(rank => Safetensors.Read(_folder[$"group.{rank}"]).Tensors).ToArray();
        foreach (var (name, expected) in alone)
        {
            var isShare = name.StartsWith("share.", StringComparison.Ordinal);
            var found = isShare ? cat([.. together.Select(t => t[name])], 0) : together[0][name];
            Assert.True(allclose(found.to(ScalarType.Float64), expected.to(ScalarType.Float64), rtol: 0, atol: 1e-9), name);
            // What all of them have is equal to the last bit.
            if (!isShare)
                Assert.All(together, t => Assert.True(t[name].bytes.SequenceEqual(together[0][name].bytes), name));
        }

        Assert.Equal(4, alone.Keys.Count(n => n.StartsWith("share.codes", StringComparison.Ordinal)));
        Assert.Equal(-100, alone["targets"][GroupWork.Samples - 1].item<long>());
        Assert.False(File.Exists(_folder["group"]));
    }

    [Fact]
    public async Task A_process_that_is_killed_ends_the_others_with_a_sentence()
    {
        var children = await Start("die", 3);
        Assert.NotEqual(0, children[1].ExitCode);
        Assert.Equal("process 1 of 3 has ended.", File.ReadAllText(_folder["group.0"]));
        Assert.Equal("process 0 of 3 has ended.", File.ReadAllText(_folder["group.2"]));
    }

    [Fact]
    public void A_silent_process_is_waited_for_no_longer_than_the_limit()
    {
        using var silent = new ManualResetEventSlim();
        var errors = Together(2, TimeSpan.FromSeconds(0.3), group =>
        {
            if (group.Rank == 1)
                silent.Wait(TestContext.Current.CancellationToken);
            else
                Ended(() => group.AllReduceSum(ones(2)), silent.Set);
        });
        Assert.Equal("process 1 of 2 gave no answer for 0.3 s.", errors[0]);
    }

    [Fact]
    public void Sums_of_different_things_are_refused_on_every_process()
    {
        var errors = Together(2, TimeSpan.FromSeconds(30), group => group.AllReduceSum(group.Rank == 0 ? ones(2) : ones(3)));
        Assert.StartsWith("process 1 of 2 sums up 3 values of Float32 in call 0 where this one sums up 2 values", errors[0], StringComparison.Ordinal);
        Assert.Equal("process 0 of 2 has ended.", errors[1]);
    }

    [Fact]
    public void A_process_that_does_not_come_is_waited_for_no_longer_than_the_limit()
    {
        var limit = TimeSpan.FromSeconds(0.2);
        var first = Assert.Throws<ProcessGroupException>(() => LocalProcessGroup.Join(_folder["group"], 0, 3, limit));
        Assert.Equal("2 of 3 processes did not come within 0.2 s.", first.Message);
        Assert.False(File.Exists(_folder["group"]));
        var other = Assert.Throws<ProcessGroupException>(() => LocalProcessGroup.Join(_folder["group"], 2, 3, limit));
        Assert.EndsWith("process 0 of 3 did not come within 0.2 s.", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Large_sums_are_taken_in_the_order_of_ranks_with_the_same_bits_everywhere()
    {
        // 1e8 + 1 − 1e8 in float32 depends on the order.
        float[] values = [1e8f, 1, -1e8f];
        var sums = new Tensor[3];
        var errors = Together(3, TimeSpan.FromSeconds(60), group =>
        {
            var tensor = full([1 << 20], values[group.Rank]);
            group.AllReduceSum(tensor);
            sums[group.Rank] = tensor;
        });
        Assert.All(errors, Assert.Null);
        var expected = values[0] + values[1] + values[2];
        Assert.All(sums, sum => Assert.True((sum == expected).all().item<bool>()));
    }

    [Fact]
    public void Impossible_calls_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LocalProcessGroup.Join(_folder["group"], 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => LocalProcessGroup.Join(_folder["group"], 0, 0));
        Assert.Throws<ArgumentException>(() => LocalProcessGroup.Join(_folder[new string('x', 200)], 0, 2));
        File.WriteAllText(_folder["taken"], "a file");
        Assert.Contains("no file has yet", Assert.Throws<ProcessGroupException>(() => LocalProcessGroup.Join(_folder["taken"], 0, 2)).Message, StringComparison.Ordinal);
        Assert.Equal("a file", File.ReadAllText(_folder["taken"]));
        using var alone = LocalProcessGroup.Join(_folder["group"], 0, 1);
        Assert.Throws<ArgumentException>(() => alone.AllReduceSum(ones(2, dtype: ScalarType.Int64)));
        Assert.Throws<ArgumentException>(() => alone.AllReduceSum(ones(2, 3).t()));
        Assert.Throws<ArgumentException>(() => alone.AllReduceSum(ones(2).requires_grad_()));
        var same = tensor(new[] { 1.5, 2 });
        LeakGuard.AssertNothingIsLeft(() => alone.AllReduceSum(same));
        Assert.Equal([1.5, 2], same.data<double>().ToArray());
    }

    /// <summary>Starts this assembly's <see cref="GroupMember"/> in processes of its own, and waits for their ends.</summary>
    private Task<ChildProcess[]> Start(string job, int worldSize) => Task.WhenAll(Enumerable.Range(0, worldSize).Select(rank => Task.Run(() => ChildProcess.Dotnet(
        [typeof(GroupMember).Assembly.Location, "-class", typeof(GroupMember).FullName!, "-explicit", "only"],
        new Dictionary<string, string?>
        {
            [GroupWork.Socket] = _folder["group"],
            [GroupWork.Rank] = $"{rank}",
            [GroupWork.WorldSize] = $"{worldSize}",
            [GroupWork.Job] = job,
        }))));

    /// <summary>Runs the same work on threads that join a group each, and gives back the sentences of their failures.</summary>
    private string?[] Together(int worldSize, TimeSpan limit, Action<LocalProcessGroup> work)
    {
        var errors = new string?[worldSize];
        var threads = Enumerable.Range(0, worldSize).Select(rank => new Thread(() =>
        {
            try
            {
                using var group = LocalProcessGroup.Join(_folder["group"], rank, worldSize, limit);
                work(group);
            }
            catch (ProcessGroupException error)
            {
                errors[rank] = error.Message;
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return errors;
    }

    private static void Ended(Action act, Action then)
    {
        try
        {
            act();
        }
        finally
        {
            then();
        }
    }
}
