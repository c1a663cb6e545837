using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests;

/// <summary>Counts the tensors of this thread.</summary>
internal static class LeakGuard
{
    /// <summary>Fails when an action leaves tensors behind that it did not hand out; the first call may make lasting ones.</summary>
    public static void AssertNothingIsLeft(Action act)
    {
        act();
        var before = Live();
        act();
        act();
        Assert.Equal(before, Live());
    }

    /// <summary>Fails when an operation leaves more tensors than those it returns.</summary>
    public static void AssertOnlyResults(Func<IEnumerable<Tensor>> operation) => AssertNothingIsLeft(() =>
    {
        foreach (var tensor in operation())
            tensor.Dispose();
    });

    private static long Live() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
}
