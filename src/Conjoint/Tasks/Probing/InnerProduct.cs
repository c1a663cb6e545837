using System.Numerics;

namespace Conjoint.Tasks.Probing;

/// <summary>Inner products in double precision, several numbers at a time.</summary>
internal static class InnerProduct
{
    /// <summary>Σ aᵢbᵢ; always added in the same order.</summary>
    public static double Of(double[] a, double[] b)
    {
        var width = Vector<double>.Count;
        var sums = Vector<double>.Zero;
        var j = 0;
        for (; j <= a.Length - width; j += width)
            sums += new Vector<double>(a, j) * new Vector<double>(b, j);
        var sum = Vector.Sum(sums);
        for (; j < a.Length; j++)
            sum += a[j] * b[j];
        return sum;
    }
}
