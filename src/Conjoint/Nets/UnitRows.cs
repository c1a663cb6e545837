using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>Rows of length one.</summary>
internal static class UnitRows
{
    /// <summary>x / ‖x‖₂ for each row.</summary>
    /// <param name="rows">[n, F].</param>
    /// <returns>[n, F], in 32 bits at least: of a unit row in bf16 the length is off by up to 1/256, and so is every score. The caller's.</returns>
    public static Tensor Of(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var exact = rows.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? rows.to(ScalarType.Float32) : rows;
        return functional.normalize(exact, p: 2, dim: 1).MoveToOuterDisposeScope();
    }
}
