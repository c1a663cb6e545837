namespace Conjoint.Runtime;

/// <summary>The number format of the heavy operations; weights, norms and losses are 32-bit always.</summary>
public enum Precision
{
    /// <summary>bf16 on a CUDA card, 32 bits on the processor: there gradients of a young net lose direction in bf16.</summary>
    Auto,

    /// <summary>32-bit floating point throughout.</summary>
    Fp32,

    /// <summary>Convolutions and matrix products in bfloat16.</summary>
    Bf16,
}
