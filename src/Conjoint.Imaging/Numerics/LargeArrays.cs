using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Conjoint.Imaging;

/// <summary>Arrays of whole volumes, made for being filled at once.</summary>
/// <remarks>
/// Most of the time that a plain file takes to read goes into the pages of the new array: the system clears each of 4 KiB when it is
/// first touched. As NumPy does, Linux is asked for pages of 2 MiB, which it clears several times faster.
/// </remarks>
public static partial class LargeArrays
{
    // Below, the question costs as much as it saves.
    private const long LeastBytes = 1L << 20;
    private const nint PageBytes = 2 << 20;
    private const int HugePages = 14; // MADV_HUGEPAGE of madvise(2)

    /// <summary>An array whose values are undefined: fill every one of them.</summary>
    /// <param name="length">Number of values.</param>
    /// <exception cref="OverflowException">The length is negative, or more than an array can have.</exception>
    public static T[] Allocate<T>(long length)
        where T : unmanaged
    {
        var array = GC.AllocateUninitializedArray<T>(checked((int)length));
        if (OperatingSystem.IsLinux() && length * Unsafe.SizeOf<T>() >= LeastBytes)
            Advise(MemoryMarshal.AsBytes(array.AsSpan()));
        return array;
    }

    /// <summary>A hint only: whether the system follows it makes no difference to what is read.</summary>
    private static unsafe void Advise(Span<byte> memory)
    {
        fixed (byte* first = memory)
        {
            var start = (nint)first & ~(PageBytes - 1);
            var end = ((nint)first + memory.Length + PageBytes - 1) & ~(PageBytes - 1);
            try
            {
                _ = MemoryAdvice(start, end - start, HugePages);
            }
            catch (Exception fault) when (fault is DllNotFoundException or EntryPointNotFoundException)
            {
                // A Linux whose C library has another name does without.
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvice(nint start, nint length, int advice);
}
