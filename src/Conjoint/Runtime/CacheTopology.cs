using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Conjoint.Runtime;

/// <summary>Whether the processor says how large its caches are. Some virtual machines on AMD processors keep it to themselves.</summary>
/// <remarks>
/// libtorch's convolutions (oneDNN) read an empty answer as caches of one byte and, with bf16 instructions, divide by the number of blocks that
/// fit: the process ends with SIGFPE in the gradient of a 1×1 convolution (pytorch/pytorch#177227). In 32 bits it takes to layouts that are padded to
/// whole vectors, and leaves the padding as the memory was: times weights of zero that is nothing, unless a NaN lay there. NNPACK writes a warning at
/// each call.
/// </remarks>
internal static class CacheTopology
{
    private const uint CacheProperties = 0x8000001D;   // AMD64 Architecture Programmer's Manual, volume 3, appendix E.4.15
    private const uint CacheType = 0x1F;               // of EAX; 0: no such cache

    /// <summary>A flag of libtorch's allocator (c10/core/impl/alloc_cpu.cpp): clears what it hands out.</summary>
    internal const string ZeroFill = "FLAGS_caffe2_cpu_allocator_do_zero_fill";

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

    /// <summary>Keeps oneDNN from bf16 instructions, unless the user's environment names a limit. To be called before libtorch is loaded.</summary>
    public static void LimitInstructions()
    {
        if (IsHidden)
            NativeBoot.SetEnvironment("ONEDNN_MAX_CPU_ISA", "AVX512_CORE");
    }

    /// <summary>Has tensors' memory cleared before it is used, and leaves out NNPACK, which could not be used anyhow. To be called once libtorch is loaded.</summary>
    /// <param name="core">Handle of libc10.</param>
    public static void Arm(nint core)
    {
        if (!IsHidden)
            return;
        if (NativeLibrary.TryGetExport(core, ZeroFill, out var flag))
            Marshal.WriteByte(flag, 1);
        SetUserEnabledNnpack(GlobalContext(), false);
    }

    [DllImport("torch_cpu", EntryPoint = "_ZN2at13globalContextEv")]
    private static extern nint GlobalContext();

    [DllImport("torch_cpu", EntryPoint = "_ZN2at7Context20setUserEnabledNNPACKEb")]
    private static extern void SetUserEnabledNnpack(nint context, [MarshalAs(UnmanagedType.U1)] bool enabled);
}
