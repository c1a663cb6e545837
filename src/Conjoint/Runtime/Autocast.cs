using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Runtime;

/// <summary>Convolutions and matrix products in bfloat16 while it is entered; weights, norms and losses stay in 32 bits.</summary>
/// <remarks>
/// TorchSharp has no autocast; libtorch's own is reached by the names of its C++ functions. It holds for the calling thread.
/// Enter it around the forward pass only: the backward pass repeats the types of the forward pass by itself.
/// </remarks>
public static class Autocast
{
    private const sbyte BFloat16 = 15;   // c10::ScalarType::BFloat16

    /// <summary>What a precision means on a device: <see cref="Precision.Auto"/> is bf16 on CUDA and 32 bits on the processor.</summary>
    /// <remarks>On a processor, 32 bits is the default because gradients of a young net lose direction in bf16.</remarks>
    public static Precision Resolve(Precision precision, Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return precision != Precision.Auto ? precision : device.type == DeviceType.CUDA ? Precision.Bf16 : Precision.Fp32;
    }

    /// <summary>Begins it, if the precision asks for it; disposing ends it.</summary>
    public static IDisposable Enter(Precision precision, Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return Resolve(precision, device) == Precision.Bf16 ? new Scope((sbyte)device.type) : Nothing.Instance;
    }

    /// <summary>Turns it off for a part of an entered region that needs 32 bits, such as scores and losses; disposing goes on with it.</summary>
    public static IDisposable Suspend(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return IsEnabled((sbyte)device.type) ? new Suspension((sbyte)device.type) : Nothing.Instance;
    }

    private sealed class Suspension : IDisposable
    {
        private readonly sbyte _device;

        public Suspension(sbyte device)
        {
            _device = device;
            SetEnabled(device, false);
        }

        public void Dispose() => SetEnabled(_device, true);
    }

    private sealed class Scope : IDisposable
    {
        private readonly sbyte _device;
        private readonly bool _before;

        public Scope(sbyte device)
        {
            _device = device;
            _before = IsEnabled(device);
            _ = IncrementNesting();
            SetType(device, BFloat16);
            SetEnabled(device, true);
        }

        public void Dispose()
        {
            SetEnabled(_device, _before);
            if (DecrementNesting() == 0)
                ClearCache();
        }
    }

    private sealed class Nothing : IDisposable
    {
        public static readonly Nothing Instance = new();

        public void Dispose()
        {
        }
    }

    [DllImport("torch_cpu", EntryPoint = "_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE")]
    [return: MarshalAs(UnmanagedType.U1)]
    private static extern bool IsEnabled(sbyte device);

    [DllImport("torch_cpu", EntryPoint = "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb")]
    private static extern void SetEnabled(sbyte device, [MarshalAs(UnmanagedType.U1)] bool enabled);

    [DllImport("torch_cpu", EntryPoint = "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE")]
    private static extern void SetType(sbyte device, sbyte type);

    [DllImport("torch_cpu", EntryPoint = "_ZN2at8autocast17increment_nestingEv")]
    private static extern int IncrementNesting();

    [DllImport("torch_cpu", EntryPoint = "_ZN2at8autocast17decrement_nestingEv")]
    private static extern int DecrementNesting();

    [DllImport("torch_cpu", EntryPoint = "_ZN2at8autocast11clear_cacheEv")]
    private static extern void ClearCache();
}
