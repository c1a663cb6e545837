using System.Numerics;

namespace Conjoint.Data.Phantoms.Solids;

/// <summary>Three unit vectors at right angles: the own axes of an organ.</summary>
internal readonly record struct Frame(Vector3 X, Vector3 Y, Vector3 Z)
{
    /// <summary>Right, anterior, superior.</summary>
    public static Frame Patient { get; } = new(Vector3.UnitX, Vector3.UnitY, Vector3.UnitZ);

    /// <summary>A frame whose first axis is <paramref name="first"/> and whose second leans towards <paramref name="second"/>.</summary>
    public static Frame Along(Vector3 first, Vector3 second)
    {
        var x = Vector3.Normalize(first);
        var y = Vector3.Normalize(second - x * Vector3.Dot(second, x));
        return new Frame(x, y, Vector3.Cross(x, y));
    }

    /// <summary>The patient's frame turned about the superior axis, positive from right to anterior.</summary>
    public static Frame TurnedAboutSuperior(float radians)
    {
        var (sine, cosine) = MathF.SinCos(radians);
        return new Frame(new Vector3(cosine, sine, 0), new Vector3(-sine, cosine, 0), Vector3.UnitZ);
    }

    /// <summary>Components of a patient vector along the frame's axes.</summary>
    public Vector3 ToLocal(Vector3 vector) => new(Vector3.Dot(vector, X), Vector3.Dot(vector, Y), Vector3.Dot(vector, Z));

    /// <summary>The patient vector with the given components along the frame's axes.</summary>
    public Vector3 ToPatient(Vector3 local) => X * local.X + Y * local.Y + Z * local.Z;

    /// <summary>Half-size of the patient-aligned box about a body with the given half-axes in this frame.</summary>
    public Vector3 Reach(Vector3 halfAxes) =>
        Vector3.Abs(X) * halfAxes.X + Vector3.Abs(Y) * halfAxes.Y + Vector3.Abs(Z) * halfAxes.Z;
}
