using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden;

/// <summary>Threads of one process that stand for the processes of a group.</summary>
internal sealed class InMemoryGroup(int worldSize) : IDisposable
{
    private readonly Barrier _barrier = new(worldSize);
    private readonly Tensor?[] _parts = new Tensor?[worldSize];

    /// <summary>Runs the same work on every rank and gives back the results in their order.</summary>
    public static T[] Run<T>(int worldSize, Func<IProcessGroup, T> work)
    {
        using var group = new InMemoryGroup(worldSize);
        var results = new T[worldSize];
        var threads = Enumerable.Range(0, worldSize).Select(rank => Task.Factory.StartNew(
            () =>
            {
                try
                {
                    results[rank] = work(new Member(group, rank));
                }
                finally
                {
                    // A rank that fails must not leave the others waiting.
                    group._barrier.RemoveParticipant();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        Task.WaitAll(threads);
        return results;
    }

    public void Dispose() => _barrier.Dispose();

    private sealed class Member(InMemoryGroup group, int rank) : IProcessGroup
    {
        public int Rank => rank;

        public int WorldSize => group._parts.Length;

        public void AllReduceSum(Tensor tensor)
        {
            group._parts[rank] = tensor.clone();
            group._barrier.SignalAndWait();
            using (no_grad())
            using (NewDisposeScope())
                tensor.copy_(stack(group._parts.Select(p => p!)).sum(dim: 0));
            group._barrier.SignalAndWait();
            group._parts[rank]!.Dispose();
        }
    }
}
