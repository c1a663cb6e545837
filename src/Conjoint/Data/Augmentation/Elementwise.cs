using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Conjoint.Data.Augmentation;

/// <summary>Applies a function of one element to whole buffers; the result doesn't depend on the width of the machine's vectors.</summary>
internal static class Elementwise
{
    /// <summary>destination[i] = function(source[i]); both may be the same buffer.</summary>
    public static void Map<T, TFunction>(ReadOnlySpan<T> source, Span<T> destination, TFunction function)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : struct, IElementwise<T>
    {
        var width = Vector512<T>.Count;
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination[..source.Length]);
        var i = 0;
        for (; i <= source.Length - width; i += width)
        {
            function.Invoke(Vector512.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }

        if (i < source.Length)
        {
            Span<T> rest = stackalloc T[width];
            rest.Clear();
            source[i..].CopyTo(rest);
            function.Invoke(Vector512.Create<T>(rest)).CopyTo(rest);
            rest[..(source.Length - i)].CopyTo(destination[i..]);
        }
    }
}
