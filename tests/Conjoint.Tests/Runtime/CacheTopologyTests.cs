using System.Runtime.InteropServices;
using Conjoint.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Tests.Runtime;

public class CacheTopologyTests
{
    // Registers as read from real machines: EBX, EDX and ECX of leaf 0 spell the maker.
    private static readonly (uint Eax, uint Ebx, uint Ecx, uint Edx) s_amd = (0x10, 0x68747541, 0x444D4163, 0x69746E65);
    private static readonly (uint Eax, uint Ebx, uint Ecx, uint Edx) s_intel = (0x1F, 0x756E6547, 0x6C65746E, 0x49656E69);

    [Theory]
    [InlineData(true, 0x80000021, 0u, true)]         // EPYC in a virtual machine that answers nothing
    [InlineData(true, 0x80000021, 0x00000121u, false)] // the same kind of processor, first data cache
    [InlineData(true, 0x80000018, 0x00000121u, true)]  // an Athlon, older than the leaf
    [InlineData(false, 0x80000008, 0u, false)]
    public void An_empty_answer_of_an_amd_processor_hides_them(bool isAmd, uint newestLeaf, uint cache, bool expected) =>
        Assert.Equal(expected, CacheTopology.IsHiddenBy(leaf => leaf switch
        {
            0 => isAmd ? s_amd : s_intel,
            0x80000000 => (newestLeaf, 0, 0, 0),
            0x8000001D => (cache, 0x02C0003F, 0x3F, 0),
            _ => throw new ArgumentOutOfRangeException(nameof(leaf)),
        }));

    /// <summary>A libtorch whose oneDNN knows its caches is left alone; one whose doesn't is told sizes, by the name of one function in its table of symbols.</summary>
    [Fact]
    public void The_shipped_libtorch_can_be_told_sizes()
    {
        NativeBoot.Require();
        var library = Path.Combine(NativeBoot.Origin!.Folder, "libtorch_cpu.so");
        Assert.True(OneDnnCacheSizes.TryGive(library, NativeLibrary.Load(library)));
        Assert.False(CacheTopology.IsWithoutOneDnn);
    }

    [Fact]
    public void A_library_without_the_function_is_left_alone()
    {
        NativeBoot.Require();
        var library = Path.Combine(NativeBoot.Origin!.Folder, "libtorch_cpu.so");
        Assert.False(OneDnnCacheSizes.TryGive(Path.Combine(NativeBoot.Origin.Folder, "libc10.so"), NativeLibrary.Load(library)));
        Assert.False(OneDnnCacheSizes.TryGive(typeof(CacheTopology).Assembly.Location, NativeLibrary.Load(library)));
        Assert.False(OneDnnCacheSizes.TryGive("/nowhere", NativeLibrary.Load(library)));
    }

    /// <summary>The shapes of a ResNet-50's shortcuts. Where caches are hidden and nothing is done about it, the strided ones end the process.</summary>
    [Theory]
    [InlineData(64, 256, 16, 1)]
    [InlineData(256, 512, 16, 2)]
    [InlineData(512, 1024, 8, 2)]
    [InlineData(1024, 2048, 4, 2)]
    public void Gradients_of_pointwise_convolutions_in_bf16_can_be_computed(int channels, int filters, int size, int stride)
    {
        using var scope = NewDisposeScope();
        using var convolution = Conv2d(channels, filters, 1, stride: stride, bias: false);
        var x = randn([32, channels, size, size], requires_grad: true);
        Tensor y;
        using (Autocast.Enter(Precision.Bf16, CPU))
            y = convolution.forward(x);
        y.to_type(ScalarType.Float32).square().sum().backward();
        Assert.True(x.grad!.isfinite().all().item<bool>());
        Assert.True(convolution.weight.grad!.isfinite().all().item<bool>());
    }

    /// <summary>Memory that held NaN is nothing to a convolution, whatever the padding of its channels.</summary>
    [Theory]
    [InlineData(1, 4, 7)]
    [InlineData(12, 4, 3)]
    [InlineData(20, 8, 3)]
    [InlineData(24, 8, 3)]
    public void Convolutions_of_few_channels_don_t_see_what_lay_in_their_memory(int channels, int filters, int kernel)
    {
        for (var trial = 0; trial < 5; trial++)
        {
            using var scope = NewDisposeScope();
            using var convolution = Conv2d(channels, filters, kernel, padding: kernel / 2, bias: false);
            var x = randn([6, channels, 16, 16], requires_grad: true);
            LeaveNaNs();
            var y = convolution.forward(x);
            Assert.True(y.isfinite().all().item<bool>());
            LeaveNaNs();
            y.square().sum().backward();
            Assert.True(x.grad!.isfinite().all().item<bool>());
            Assert.True(convolution.weight.grad!.isfinite().all().item<bool>());
        }
    }

    /// <summary>Freed memory of every size that these convolutions ask for, full of NaN.</summary>
    private static void LeaveNaNs()
    {
        var tensors = new List<Tensor>();
        for (var size = 16L; size <= 1 << 16; size *= 2)
        {
            for (var i = 0; i < 40; i++)
                tensors.AddRange([full(size, float.NaN), full(size * 3 / 2, float.NaN)]);
        }

        tensors.ForEach(t => t.Dispose());
    }
}
