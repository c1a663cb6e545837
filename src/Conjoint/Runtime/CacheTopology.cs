using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Conjoint.Runtime;

/// <summary>Whether the processor says how large its caches are. Some virtual machines on AMD processors keep it to themselves.</summary>
/// <remarks>
/// libtorch's convolutions (oneDNN) read an empty answer as caches of one byte, and choose their kernels by that. With bf16 instructions the gradient of a
/// strided 1×1 convolution divides by the number of blocks that fit, and the process ends with SIGFPE (pytorch/pytorch#177227); in 32 bits some gradients come
/// out wrong, and padding is left as the memory was. NNPACK finds no blocking at all and writes a warning at each call.
/// </remarks>
internal static class CacheTopology
{
    private const uint CacheProperties = 0x8000001D;   // AMD64 Architecture Programmer's Manual, volume 3, appendix E.4.15
    private const uint CacheType = 0x1F;               // of EAX; 0: no such cache

    /// <summary>Whether this processor hides them.</summary>
    public static bool IsHidden { get; } = X86Base.IsSupported && IsHiddenBy(leaf =>
    {
        var (eax, ebx, ecx, edx) = X86Base.CpuId(unchecked((int)leaf), 0);
        return ((uint)eax, (uint)ebx, (uint)ecx, (uint)edx);
    });

    /// <summary>Whether a processor hides them.</summary>
    /// <param name="cpuid">The four registers that instruction CPUID answers to a leaf, sub-leaf 0.</param>
    internal static bool IsHiddenBy(Func<uint, (uint Eax, uint Ebx, uint Ecx, uint Edx)> cpuid)
    {
        var (_, ebx, ecx, edx) = cpuid(0);
        Span<byte> vendor = stackalloc byte[12];
        MemoryMarshal.Write(vendor, ebx);
        MemoryMarshal.Write(vendor[4..], edx);
        MemoryMarshal.Write(vendor[8..], ecx);

        // Other makers' processors are asked by another leaf, whose empty answer oneDNN takes for unknown, which is harmless.
        return Encoding.ASCII.GetString(vendor) == "AuthenticAMD"
            && (cpuid(0x80000000).Eax < CacheProperties || (cpuid(CacheProperties).Eax & CacheType) == 0);
    }

    /// <summary>Whether oneDNN had to be left out, so that libtorch's own, slower convolutions take over.</summary>
    public static bool IsWithoutOneDnn { get; private set; }

    /// <summary>Makes up for hidden caches. To be called once libtorch is loaded, before it computes anything.</summary>
    /// <param name="library">Path of <c>libtorch_cpu.so</c>.</param>
    public static void MakeUp(string library)
    {
        if (!IsHidden)
            return;
        var context = GlobalContext();
        SetUserEnabledNnpack(context, false);
        IsWithoutOneDnn = !OneDnnCacheSizes.TryGive(library, NativeLibrary.Load(library));
        if (IsWithoutOneDnn)
            SetUserEnabledMkldnn(context, false);
    }

    [DllImport("torch_cpu", EntryPoint = "_ZN2at13globalContextEv")]
    private static extern nint GlobalContext();

    [DllImport("torch_cpu", EntryPoint = "_ZN2at7Context20setUserEnabledNNPACKEb")]
    private static extern void SetUserEnabledNnpack(nint context, [MarshalAs(UnmanagedType.U1)] bool enabled);

    [DllImport("torch_cpu", EntryPoint = "_ZN2at7Context20setUserEnabledMkldnnEb")]
    private static extern void SetUserEnabledMkldnn(nint context, [MarshalAs(UnmanagedType.U1)] bool enabled);
}
