using System.Numerics;
using System.Runtime.Intrinsics;

namespace Conjoint.Data.Augmentation;

/// <summary>Functions that the runtime offers for vectors of float and of double, but not for a type parameter.</summary>
internal static class VectorMath
{
    /// <summary>e^x of each element.</summary>
    public static Vector512<T> Exp<T>(Vector512<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float)
            ? SingleMath.Exp(x.As<T, float>()).As<float, T>()
            : Vector512.Exp(x.As<T, double>()).As<double, T>();

    /// <summary>Natural logarithm of each element, none below 0.</summary>
    public static Vector512<T> Log<T>(Vector512<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float)
            ? SingleMath.Log(x.As<T, float>()).As<float, T>()
            : Vector512.Log(x.As<T, double>()).As<double, T>();

    /// <summary>a b + c of each element with one rounding, so that the bits are those of every machine.</summary>
    public static Vector512<T> MultiplyAdd<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float)
            ? Vector512.FusedMultiplyAdd(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Vector512.FusedMultiplyAdd(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <summary>a b + c of each element with one rounding, so that the bits are those of every machine.</summary>
    public static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float)
            ? Vector.FusedMultiplyAdd(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Vector.FusedMultiplyAdd(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();
}
