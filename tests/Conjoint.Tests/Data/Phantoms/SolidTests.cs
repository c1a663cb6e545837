using System.Numerics;
using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Solids;

namespace Conjoint.Tests.Data.Phantoms;

public class SolidTests
{
    private static readonly Trunk Cylinder = new(-50, 50, _ => new CrossSection(40, 20, 5));

    public static TheoryData<string> Names => [.. Solids.Keys];

    private static Dictionary<string, Solid> Solids { get; } = new()
    {
        ["ellipsoid"] = new Ellipsoid(new(1, 2, 3), new(10, 20, 30), Frame.Along(new(1, 1, 0), new(0, 0, 1))),
        ["round cone"] = new RoundCone(new(-5, 0, 2), new(20, 10, -4), 6, 2),
        ["elliptic disc"] = new EllipticDisc(new(3, 3, 3), new(16, 12, 9), 3),
        ["half-space"] = new HalfSpace(new(0, 0, 0), Vector3.UnitY, new Bounds(new(-9), new(9))),
        ["trunk"] = Cylinder,
        ["lobulated"] = new Lobulated(new Ellipsoid(Vector3.Zero, new Vector3(10)), 3, 5, seed: 7),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_of_a_solid_lies_outside_its_bounds(string name)
    {
        var solid = Solids[name];
        var random = RandomStream.For(1);
        var (inside, box) = (0, solid.Bounds);
        for (var i = 0; i < 20000; i++)
        {
            var point = new Vector3((float)random.Uniform(-70, 70), (float)random.Uniform(-70, 70), (float)random.Uniform(-70, 70));
            if (solid.SignedDistance(point) > -1e-3f)
                continue;
            inside++;
            Assert.Equal(point, Vector3.Clamp(point, box.Lower, box.Upper));
        }

        Assert.True(inside > 10, $"{name}: only {inside} points inside");
    }

    [Fact]
    public void An_ellipsoid_measures_along_its_axes()
    {
        var solid = new Ellipsoid(Vector3.Zero, new(10, 20, 30));

        Assert.Equal(0, solid.SignedDistance(new(0, 20, 0)), 4);
        Assert.Equal(5, solid.SignedDistance(new(0, 25, 0)), 4);
        Assert.Equal(-2, solid.SignedDistance(new(0, 0, 28)), 4);
        Assert.True(solid.SignedDistance(Vector3.Zero) < 0);
    }

    [Fact]
    public void A_round_cone_narrows_evenly()
    {
        var solid = new RoundCone(Vector3.Zero, new(10, 0, 0), startRadiusMm: 4, endRadiusMm: 2);

        Assert.Equal(1, solid.SignedDistance(new(-5, 0, 0)), 5);
        Assert.Equal(0, solid.SignedDistance(new(5, 3, 0)), 5);
        Assert.Equal(-2, solid.SignedDistance(new(10, 0, 0)), 5);
    }

    [Fact]
    public void A_trunk_is_measured_from_its_middle_and_can_shrink()
    {
        Assert.Equal(0, Cylinder.SignedDistance(new(40, 5, 0)), 4);
        Assert.Equal(3, Cylinder.SignedDistance(new(0, 28, 0)), 4);
        Assert.Equal(-4, Cylinder.SignedDistance(new(0, -11, 0)), 4);
        Assert.Equal(0, Cylinder.Grow(-6).SignedDistance(new(34, 5, 0)), 4);
        Assert.Equal(10, Cylinder.SignedDistance(new(0, 5, 60)), 4);
    }

    [Fact]
    public void Noise_is_smooth_bounded_and_its_own_for_each_seed()
    {
        var random = RandomStream.For(2);
        for (var i = 0; i < 2000; i++)
        {
            var point = new Vector3((float)random.Uniform(-9, 9), (float)random.Uniform(-9, 9), (float)random.Uniform(-9, 9));
            var value = ValueNoise.At(point, seed: 3);
            Assert.InRange(value, -1, 1);
            Assert.Equal(value, ValueNoise.At(point, seed: 3));
            // The easing curve's slope is at most 1.5, lattice values differ by at most 2: 3 a unit.
            Assert.InRange(Math.Abs(ValueNoise.At(point + new Vector3(0.01f, 0, 0), seed: 3) - value), 0, 0.031);
        }

        Assert.NotEqual(ValueNoise.At(new(0.5f), seed: 3), ValueNoise.At(new(0.5f), seed: 4));
    }
}
