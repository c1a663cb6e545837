using static TorchSharp.torch;

namespace Conjoint.Nets.Detection;

/// <summary>Rows of four numbers between tensors and plain structures.</summary>
internal static class FourColumns
{
    private const int Columns = 4;

    /// <summary>[n, 4] of any floating-point type and device, row by row.</summary>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    public static T[] Read<T>(Tensor rows, Func<double, double, double, double, T> make)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.dim() != 2 || rows.shape[1] != Columns)
            throw new ArgumentException($"The tensor [{string.Join(", ", rows.shape)}] must be [n, 4].", nameof(rows));
        return [.. Values(rows).Chunk(Columns).Select(v => make(v[0], v[1], v[2], v[3]))];
    }

    /// <summary>[n, 4] in float64 on the CPU; the caller's.</summary>
    public static Tensor Write(IReadOnlyCollection<double[]> rows) =>
        tensor(rows.SelectMany(row => row).ToArray(), [rows.Count, Columns], ScalarType.Float64);

    /// <summary>All values of a tensor as doubles.</summary>
    public static double[] Values(Tensor tensor)
    {
        if (tensor.numel() == 0)
            return [];
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).cpu().contiguous().reshape(-1).data<double>().ToArray();
    }
}
