using System.Numerics;

namespace Conjoint.Data.Phantoms.Solids;

/// <summary>Smooth noise in space: random values on the whole-number lattice, blended between.</summary>
internal static class ValueNoise
{
    /// <summary>A value in [−1, 1] that varies over about one unit of length; the same for the same point and seed.</summary>
    public static float At(Vector3 point, uint seed)
    {
        var (x, y, z) = (MathF.Floor(point.X), MathF.Floor(point.Y), MathF.Floor(point.Z));
        var (u, v, w) = (Ease(point.X - x), Ease(point.Y - y), Ease(point.Z - z));
        var (i, j, k) = ((int)x, (int)y, (int)z);
        var lower = Blend(
            Blend(Lattice(i, j, k, seed), Lattice(i + 1, j, k, seed), u),
            Blend(Lattice(i, j + 1, k, seed), Lattice(i + 1, j + 1, k, seed), u), v);
        var upper = Blend(
            Blend(Lattice(i, j, k + 1, seed), Lattice(i + 1, j, k + 1, seed), u),
            Blend(Lattice(i, j + 1, k + 1, seed), Lattice(i + 1, j + 1, k + 1, seed), u), v);
        return Blend(lower, upper, w);
    }

    private static float Ease(float part) => part * part * (3 - 2 * part);

    private static float Blend(float a, float b, float part) => a + part * (b - a);

    private static float Lattice(int x, int y, int z, uint seed)
    {
        // An integer hash with good avalanche (the finaliser of MurmurHash3).
        var hash = seed ^ (uint)x * 0x9E3779B1u ^ (uint)y * 0x85EBCA77u ^ (uint)z * 0xC2B2AE3Du;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6Bu;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35u;
        hash ^= hash >> 16;
        return hash * (2f / uint.MaxValue) - 1;
    }
}
