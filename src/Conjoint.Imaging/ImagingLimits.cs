namespace Conjoint.Imaging;

/// <summary>The most that a reader allocates for one file, whatever the file declares.</summary>
/// <remarks>
/// Beyond these, a declared size is compared with the file's length before anything is allocated: uncompressed data must be
/// there in full, and compressed data can't grow by more than <see cref="MaxInflation"/>.
/// </remarks>
public static class ImagingLimits
{
    /// <summary>Voxels of one volume in memory (4 GiB of floats; a whole-body CT of 512 × 512 × 4096).</summary>
    public const long MaxVoxels = 1L << 30;

    /// <summary>Pixels of one plain image (16384 × 16384).</summary>
    public const long MaxPixels = 1L << 28;

    /// <summary>Bytes of one NPY array, the most that one .NET array holds.</summary>
    public const long MaxArrayBytes = 0x7FFFFFC7;

    /// <summary>Bytes that one byte of deflate data can become at most (zlib technical details: 1032 to 1).</summary>
    public const long MaxInflation = 1032;

    // Below these, nothing absurd can be allocated for a false size.
    private const long OrdinaryBytes = 64L << 20;
    private const long OrdinaryInflation = 16;

    /// <summary>The most that <paramref name="compressedBytes"/> bytes of deflate data can hold.</summary>
    internal static long MostInflated(long compressedBytes) =>
        compressedBytes > long.MaxValue / (2 * MaxInflation) ? long.MaxValue : (compressedBytes + 16) * MaxInflation;

    /// <summary>Whether so many declared bytes are to be counted by a trial decompression before the array for them is made.</summary>
    internal static bool NeedsTrial(long declaredBytes, long compressedBytes) =>
        declaredBytes > OrdinaryBytes && declaredBytes / OrdinaryInflation > compressedBytes;
}
