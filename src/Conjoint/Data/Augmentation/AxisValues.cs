namespace Conjoint.Data.Augmentation;

/// <summary>One number for each axis of a volume.</summary>
/// <param name="X">The number for the fastest axis.</param>
/// <param name="Y">The number for the middle axis.</param>
/// <param name="Z">The number for the slowest axis.</param>
public readonly record struct AxisValues(double X, double Y, double Z)
{
    /// <summary>The same number for each axis.</summary>
    public static AxisValues All(double value) => new(value, value, value);

    /// <summary>The number for an axis.</summary>
    public double this[VolumeAxis axis] => axis switch
    {
        VolumeAxis.X => X,
        VolumeAxis.Y => Y,
        VolumeAxis.Z => Z,
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, "A volume has the axes X, Y and Z."),
    };
}
