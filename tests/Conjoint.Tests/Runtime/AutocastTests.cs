using System.Reflection;
using System.Runtime.InteropServices;
using Conjoint.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Runtime;

public class AutocastTests
{
    /// <summary>The names are mangled C++ and belong to one version of libtorch: another one has to be looked at.</summary>
    [Fact]
    public void Libtorch_has_the_functions_by_their_mangled_names()
    {
        NativeBoot.Require();
        Type[] callers = [typeof(Autocast), typeof(CacheTopology)];
        var names = callers.SelectMany(t => t.GetMethods(BindingFlags.NonPublic | BindingFlags.Static))
            .Select(m => m.GetCustomAttribute<DllImportAttribute>()?.EntryPoint).OfType<string>().ToList();
        Assert.Equal(9, names.Count);
        var library = NativeLibrary.Load("torch_cpu", typeof(Autocast).Assembly, null);
        Assert.All(names, name => Assert.True(NativeLibrary.TryGetExport(library, name, out _), name));
    }

    [Fact]
    public void Products_are_in_bf16_inside_and_in_32_bits_outside()
    {
        using var scope = NewDisposeScope();
        var a = rand(4, 4);
        Assert.Equal(ScalarType.Float32, mm(a, a).dtype);
        using (Autocast.Enter(Precision.Bf16, CPU))
        {
            Assert.Equal(ScalarType.BFloat16, mm(a, a).dtype);
            using (Autocast.Enter(Precision.Bf16, CPU))
                Assert.Equal(ScalarType.BFloat16, mm(a, a).dtype);
            Assert.Equal(ScalarType.BFloat16, mm(a, a).dtype);
        }

        Assert.Equal(ScalarType.Float32, mm(a, a).dtype);
        foreach (var precision in new[] { Precision.Fp32, Precision.Auto })
        {
            using (Autocast.Enter(precision, CPU))
                Assert.Equal(ScalarType.Float32, mm(a, a).dtype);
        }
    }

    [Fact]
    public void A_part_that_needs_32_bits_can_suspend_it()
    {
        using var scope = NewDisposeScope();
        var a = rand(4, 4);
        using (Autocast.Enter(Precision.Bf16, CPU))
        {
            using (Autocast.Suspend(CPU))
                Assert.Equal(ScalarType.Float32, mm(a, a).dtype);
            Assert.Equal(ScalarType.BFloat16, mm(a, a).dtype);
        }

        using (Autocast.Suspend(CPU))
            Assert.Equal(ScalarType.Float32, mm(a, a).dtype);
        Assert.Equal(ScalarType.Float32, mm(a, a).dtype);
    }

    [Fact]
    public void Gradients_reach_the_32_bit_weights_in_32_bits()
    {
        using var scope = NewDisposeScope();
        var layer = nn.Linear(4, 4);
        Tensor loss;
        using (Autocast.Enter(Precision.Bf16, CPU))
            loss = layer.forward(ones(2, 4)).sum();
        loss.backward();
        Assert.Equal(ScalarType.Float32, layer.weight!.grad!.dtype);
    }

    [Fact]
    public void It_is_on_only_for_the_thread_that_entered_it()
    {
        using var scope = NewDisposeScope();
        using var inside = Autocast.Enter(Precision.Bf16, CPU);
        var other = ScalarType.BFloat16;
        var thread = new Thread(() =>
        {
            using var a = ones(2, 2);
            using var product = mm(a, a);
            other = product.dtype;
        });
        thread.Start();
        thread.Join();
        Assert.Equal(ScalarType.Float32, other);
    }

    [Fact]
    public void On_a_card_auto_is_bf16()
    {
        Assert.Equal(Precision.Bf16, Autocast.Resolve(Precision.Auto, new Device(DeviceType.CUDA, 0)));
        Assert.Equal(Precision.Fp32, Autocast.Resolve(Precision.Fp32, new Device(DeviceType.CUDA, 0)));
    }
}
