using System.Numerics;

namespace Conjoint.Data.Phantoms.Solids;

/// <summary>An axis-aligned box in mm that holds a solid.</summary>
internal readonly record struct Bounds(Vector3 Lower, Vector3 Upper)
{
    /// <summary>The box of half-size <paramref name="reach"/> about a centre.</summary>
    public static Bounds Around(Vector3 centre, Vector3 reach) => new(centre - reach, centre + reach);

    /// <summary>The box, larger by <paramref name="margin"/> mm on every side.</summary>
    public Bounds Grow(float margin) => new(Lower - new Vector3(margin), Upper + new Vector3(margin));

    /// <summary>The smallest box that holds both.</summary>
    public Bounds Union(Bounds other) => new(Vector3.Min(Lower, other.Lower), Vector3.Max(Upper, other.Upper));

    /// <summary>The eight corners.</summary>
    public IEnumerable<Vector3> Corners()
    {
        for (var corner = 0; corner < 8; corner++)
        {
            yield return new Vector3(
                (corner & 1) == 0 ? Lower.X : Upper.X,
                (corner & 2) == 0 ? Lower.Y : Upper.Y,
                (corner & 4) == 0 ? Lower.Z : Upper.Z);
        }
    }
}
