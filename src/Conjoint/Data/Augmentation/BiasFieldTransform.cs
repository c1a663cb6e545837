using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Conjoint.Data.Augmentation;

/// <summary>
/// Shades a volume as the receive coil of a scanner does (TorchIO's RandomBiasField, after Van Leemput et al., 1999):
/// y = v exp(Σ c_abc x^a y^b z^c) over a + b + c ≤ Order, coordinates from -1 to 1 across the volume (0 on an axis of one voxel).
/// </summary>
/// <param name="Order">Order of the polynomial, at least 0.</param>
/// <param name="Coefficients">
/// The c_abc, a outermost and c innermost: (Order+1)(Order+2)(Order+3)/6 of them. Not to be changed afterwards.
/// </param>
public sealed record BiasFieldTransform(int Order, IReadOnlyList<double> Coefficients) : VolumeTransform
{
    /// <inheritdoc/>
    public override VolumeTransformKind Kind => VolumeTransformKind.BiasField;

    /// <summary>How many coefficients a polynomial of that order in three variables has.</summary>
    public static int CoefficientCount(int order) => (order + 1) * (order + 2) * (order + 3) / 6;

    /// <summary>Two fields are equal when their coefficients are.</summary>
    public bool Equals(BiasFieldTransform? other) =>
        other is not null && Order == other.Order && Coefficients.SequenceEqual(other.Coefficients);

    /// <inheritdoc/>
    public override int GetHashCode() => Coefficients.Aggregate(Order, HashCode.Combine);

    internal static BiasFieldTransform Draw(VolumeTransformSettings settings, RandomStream random)
    {
        var coefficients = new double[CoefficientCount(settings.BiasFieldOrder)];
        for (var i = 0; i < coefficients.Length; i++)
        {
            coefficients[i] = random.Uniform(-settings.BiasFieldCoefficient, settings.BiasFieldCoefficient);
        }

        return new BiasFieldTransform(settings.BiasFieldOrder, coefficients);
    }

    private protected override void Transform<T>(ReadOnlySpan<T> volume, VolumeGrid grid, Span<T> destination)
    {
        if (Coefficients.Count != CoefficientCount(Order))
        {
            throw new InvalidOperationException(
                $"A bias field of order {Order} has {CoefficientCount(Order)} coefficients, not {Coefficients.Count}.");
        }

        if (Coefficients.All(coefficient => coefficient == 0))
        {
            volume.CopyTo(destination); // a vector's exp(0) is only nearly 1
            return;
        }

        var along = new T[grid.X];
        for (var x = 0; x < grid.X; x++)
        {
            along[x] = T.CreateTruncating(Coordinate(x, grid.X));
        }

        Span<double> rowPolynomial = stackalloc double[Order + 1];
        var rowCoefficients = new Vector512<T>[Order + 1];
        for (var z = 0; z < grid.Z; z++)
        {
            for (var y = 0; y < grid.Y; y++)
            {
                PolynomialInX(Coordinate(y, grid.Y), Coordinate(z, grid.Z), rowPolynomial);
                for (var a = 0; a <= Order; a++)
                {
                    rowCoefficients[a] = Vector512.Create(T.CreateTruncating(rowPolynomial[a]));
                }

                var start = (z * grid.Y + y) * grid.X;
                var row = destination.Slice(start, grid.X);
                Elementwise.Map(along, row, new Field<T>(rowCoefficients));
                Multiply(volume.Slice(start, grid.X), row);
            }
        }
    }

    private static double Coordinate(int index, int size) => size == 1 ? 0 : (2.0 * index - (size - 1)) / (size - 1);

    /// <summary>Gathers the terms of a row: the polynomial's coefficients of x^a at given y and z.</summary>
    private void PolynomialInX(double y, double z, Span<double> result)
    {
        var k = 0;
        for (var a = 0; a <= Order; a++)
        {
            var sum = 0.0;
            var yPower = 1.0;
            for (var b = 0; b <= Order - a; b++, yPower *= y)
            {
                var zPower = 1.0;
                for (var c = 0; c <= Order - a - b; c++, zPower *= z)
                {
                    sum += Coefficients[k++] * yPower * zPower;
                }
            }

            result[a] = sum;
        }
    }

    private static void Multiply<T>(ReadOnlySpan<T> factors, Span<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref var from = ref MemoryMarshal.GetReference(factors);
        ref var to = ref MemoryMarshal.GetReference(product);
        var i = 0;
        for (; i <= factors.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            (Vector.LoadUnsafe(ref from, (nuint)i) * Vector.LoadUnsafe(ref to, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < factors.Length; i++)
        {
            product[i] *= factors[i];
        }
    }

    /// <summary>exp of the row's polynomial, by Horner's rule.</summary>
    private readonly struct Field<T>(Vector512<T>[] coefficients) : IElementwise<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public Vector512<T> Invoke(Vector512<T> x)
        {
            var sum = coefficients[^1];
            for (var a = coefficients.Length - 2; a >= 0; a--)
            {
                sum = VectorMath.MultiplyAdd(sum, x, coefficients[a]);
            }

            return VectorMath.Exp(sum);
        }
    }
}
