using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Conjoint.Nets.Detection;

/// <summary>The differentiable heart of <see cref="RoiAlign"/>, on maps with channels last.</summary>
internal sealed class RoiAlignFunction : autograd.SingleTensorFunction<RoiAlignFunction>
{
    private const string Weights = nameof(Weights);
    private const string Shape = nameof(Shape);

    public override string Name => nameof(RoiAlignFunction);

    /// <param name="ctx">Keeps what the gradient needs.</param>
    /// <param name="vars">Maps [B, h, w, C], contiguous, float32 or float64 on the CPU; the weights of R regions; bins down and along.</param>
    /// <returns>[R, height, width, C].</returns>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (maps, regions, height, width) = ((Tensor)vars[0], (RegionWeights[])vars[1], (int)vars[2], (int)vars[3]);
        ctx.save_data(Weights, regions);
        ctx.save_data(Shape, maps.shape);
        var pooled = zeros([regions.Length, height, width, maps.shape[3]], maps.dtype);
        if (maps.dtype == ScalarType.Float64)
            Each<double>(maps, pooled, regions, RoiAlignKernel.Gather);
        else
            Each<float>(maps, pooled, regions, RoiAlignKernel.Gather);
        return pooled;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var shape = (long[])ctx.get_data(Shape);
        try
        {
            return [Scatter(grad_output, (RegionWeights[])ctx.get_data(Weights), shape), null!, null!, null!];
        }
        catch (Exception)
        {
            // An exception that leaves this method ends the process. Gradients of NaN do not, and are seen when the step is checked.
            return [full(shape, double.NaN, grad_output.dtype), null!, null!, null!];
        }
    }

    private static Tensor Scatter(Tensor gradient, RegionWeights[] regions, long[] shape)
    {
        using var scope = NewDisposeScope();
        var maps = zeros(shape, gradient.dtype);
        var pooled = gradient.contiguous();
        if (gradient.dtype == ScalarType.Float64)
            Each<double>(maps, pooled, regions, RoiAlignKernel.Scatter);
        else
            Each<float>(maps, pooled, regions, RoiAlignKernel.Scatter);
        return maps.MoveToOuterDisposeScope();
    }

    /// <summary>Gives the kernel one region at a time: its image's map and its own bins.</summary>
    private static void Each<T>(Tensor maps, Tensor pooled, RegionWeights[] regions, RoiAlignKernel.Pass<T> pass)
        where T : unmanaged
    {
        using var scope = NewDisposeScope();
        var channels = (int)maps.shape[3];
        Tensor[] images = [.. Enumerable.Range(0, (int)maps.shape[0]).Select(image => maps[image])];
        for (var r = 0; r < regions.Length; r++)
        {
            using var bins = pooled[r];
            pass(MemoryMarshal.Cast<byte, T>(images[regions[r].Image].bytes), MemoryMarshal.Cast<byte, T>(bins.bytes), channels, regions[r]);
        }
    }
}
