using System.Diagnostics;
using System.Reflection;
using static TorchSharp.torch;

namespace Conjoint.Tests.Runtime;

/// <summary>
/// TorchSharp lets go of scalars while native code still reads them; see the comment in Directory.Build.targets.
/// </summary>
[Collection(GlobalGenerator.Name)]
public sealed class ScalarLifetimeTests
{
    [Fact]
    public void The_shipped_wrapper_is_compiled_without_optimisation() =>
        Assert.True(typeof(Tensor).Assembly.GetCustomAttribute<DebuggableAttribute>()!.IsJITOptimizerDisabled);

    [Fact]
    public void Sums_are_right_while_another_thread_collects_garbage()
    {
        // Without the cure some 20 of these are wrong or fail.
        const int Additions = 60_000;
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.KeepAlive(new byte[200_000]);
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            using var one = ones(64, 64);
            for (var i = 0; i < Additions; i += 100)
            {
                using var scope = NewDisposeScope();
                for (var k = 0; k < 100; k++)
                    Assert.Equal(2f, (one + one)[0, 0].item<float>());
            }
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }
}
