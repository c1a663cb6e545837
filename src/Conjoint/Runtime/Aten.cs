using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Conjoint.Runtime;

/// <summary>Operators of libtorch that TorchSharp lacks, called by name through libtorch's own C interface.</summary>
/// <remarks>
/// The stack of a call is an array of 64-bit words: a tensor or list is a handle, which the callee takes over; a number its bits; an
/// absent optional 0. Source: libtorch's <c>torch/csrc/inductor/aoti_torch/c/shim.h</c> and <c>torch/csrc/stable/c/shim.h</c>.
/// </remarks>
internal static unsafe class Aten
{
    // The version of the interface that is spoken here; later libtorch understand it.
    private const ulong Interface = (2UL << 56) | (10UL << 48);

    /// <summary>
    /// One step of gradient descent with momentum, in one pass over memory: v ← μ·v + g + λ·w, w ← w − η·v.
    /// </summary>
    /// <param name="parameters">w, of one type and on one device; changed.</param>
    /// <param name="gradients">g, each shaped as its w.</param>
    /// <param name="velocities">v, each shaped as its w; changed.</param>
    /// <param name="weightDecay">λ.</param>
    /// <param name="momentum">μ.</param>
    /// <param name="learningRate">η.</param>
    /// <exception cref="TensorLibraryException">libtorch refused; what it says of it stands on standard error.</exception>
    public static void FusedSgd(
        IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> gradients, IReadOnlyList<Tensor> velocities, double weightDecay, double momentum, double learningRate)
    {
        if (parameters.Count == 0)
            return;
        var stack = stackalloc ulong[12];
        stack[0] = List(parameters);
        stack[1] = List(gradients);
        stack[2] = List(velocities);
        stack[3] = BitConverter.DoubleToUInt64Bits(weightDecay);
        stack[4] = BitConverter.DoubleToUInt64Bits(momentum);
        stack[5] = BitConverter.DoubleToUInt64Bits(learningRate);
        // dampening, nesterov, maximize, is_first_step, grad_scale, found_inf: all 0
        Require(Call("aten::_fused_sgd_", "", stack, Interface), "aten::_fused_sgd_");
    }

    private static ulong List(IReadOnlyList<Tensor> tensors)
    {
        nint list;
        Require(NewList((nuint)tensors.Count, &list), "a list");
        foreach (var tensor in tensors)
        {
            nint handle;
            Require(NewHandle(tensor.Handle, &handle), "a handle");
            Require(Append(list, (ulong)handle), "a list");
        }

        return (ulong)list;
    }

    private static void Require(int code, string what)
    {
        if (code != 0)
            throw new TensorLibraryException($"libtorch could not do {what}; its reason stands above.");
    }

    [DllImport("torch_cpu", EntryPoint = "torch_call_dispatcher")]
    private static extern int Call([MarshalAs(UnmanagedType.LPUTF8Str)] string operation, [MarshalAs(UnmanagedType.LPUTF8Str)] string overload, ulong* stack, ulong version);

    [DllImport("torch_cpu", EntryPoint = "aoti_torch_new_tensor_handle")]
    private static extern int NewHandle(nint tensor, nint* handle);

    [DllImport("torch_cpu", EntryPoint = "torch_new_list_reserve_size")]
    private static extern int NewList(nuint size, nint* list);

    [DllImport("torch_cpu", EntryPoint = "torch_list_push_back")]
    private static extern int Append(nint list, ulong element);
}
