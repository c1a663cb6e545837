using System.Numerics;
using System.Runtime.Intrinsics;

namespace Conjoint.Data.Augmentation;

/// <summary>A function of one element, written for a vector of them; each lane must depend on its own element only.</summary>
internal interface IElementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The function's values.</summary>
    Vector512<T> Invoke(Vector512<T> x);
}
