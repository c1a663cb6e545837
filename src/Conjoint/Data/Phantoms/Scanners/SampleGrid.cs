using System.Numerics;
using Conjoint.Data.Phantoms.Solids;

namespace Conjoint.Data.Phantoms.Scanners;

/// <summary>Where a scanner samples a patient: a grid of points, and the patient's pose and build that bend it.</summary>
internal sealed class SampleGrid
{
    /// <summary>No body is as regular as its solids: points are displaced by up to this much, smoothly.</summary>
    private const float BendMm = 6;

    private const float BendWidthMm = 55;

    private readonly Matrix4x4 _patientToIndex;
    private readonly Vector3[] _points;

    /// <summary>Lays the grid.</summary>
    /// <param name="size">Points along each axis.</param>
    /// <param name="indexToScanner">From indices to mm in the scanner's RAS+ frame (row vectors).</param>
    /// <param name="scannerToPatient">How the patient lies in the scanner.</param>
    /// <param name="bendSeed">The patient's own irregularity; one seed a patient.</param>
    public SampleGrid((int X, int Y, int Z) size, Matrix4x4 indexToScanner, Matrix4x4 scannerToPatient, uint bendSeed)
    {
        Size = size;
        var indexToPatient = indexToScanner * scannerToPatient;
        if (!Matrix4x4.Invert(indexToPatient, out _patientToIndex))
            throw new ArgumentException("The grid has no volume: its steps lie in one plane.", nameof(indexToScanner));

        var step = new Vector3(indexToPatient.M11, indexToPatient.M12, indexToPatient.M13);
        var otherStep = new Vector3(indexToPatient.M21, indexToPatient.M22, indexToPatient.M23);
        EdgeMm = (step.Length() + otherStep.Length()) / 2;
        DepthMm = new Vector3(indexToPatient.M31, indexToPatient.M32, indexToPatient.M33).Length();

        _points = new Vector3[size.X * size.Y * size.Z];
        var index = 0;
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                for (var x = 0; x < size.X; x++)
                    _points[index++] = Bend(Vector3.Transform(new Vector3(x, y, z), indexToPatient), bendSeed);
            }
        }
    }

    /// <summary>Points along each axis.</summary>
    public (int X, int Y, int Z) Size { get; }

    /// <summary>Width over which a surface fades from one tissue to the next: the mean spacing of the first two axes.</summary>
    public float EdgeMm { get; }

    /// <summary>Spacing of the third axis.</summary>
    public float DepthMm { get; }

    /// <summary>All points in the patient's frame, mm; x fastest.</summary>
    public ReadOnlySpan<Vector3> Points => _points;

    /// <summary>The part of the grid, as first and one past the last index on each axis, that can lie in a box of the patient.</summary>
    public ((int X, int Y, int Z) First, (int X, int Y, int Z) End) Within(Bounds bounds)
    {
        var lower = new Vector3(float.MaxValue);
        var upper = new Vector3(float.MinValue);
        foreach (var corner in bounds.Grow(BendMm + EdgeMm).Corners())
        {
            var index = Vector3.Transform(corner, _patientToIndex);
            (lower, upper) = (Vector3.Min(lower, index), Vector3.Max(upper, index));
        }

        static int Limit(float value, int size) => (int)Math.Clamp(value, 0, size);
        return (
            (Limit(MathF.Floor(lower.X), Size.X), Limit(MathF.Floor(lower.Y), Size.Y), Limit(MathF.Floor(lower.Z), Size.Z)),
            (Limit(MathF.Ceiling(upper.X) + 1, Size.X), Limit(MathF.Ceiling(upper.Y) + 1, Size.Y), Limit(MathF.Ceiling(upper.Z) + 1, Size.Z)));
    }

    private static Vector3 Bend(Vector3 point, uint seed)
    {
        var scaled = point / BendWidthMm;
        return point + BendMm * new Vector3(
            ValueNoise.At(scaled, seed), ValueNoise.At(scaled, seed + 1), 0.5f * ValueNoise.At(scaled, seed + 2));
    }
}
