using System.Numerics;
using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Anatomy;

namespace Conjoint.Data.Phantoms.Scanners;

/// <summary>How a patient lies in a scanner.</summary>
internal static class Pose
{
    /// <summary>Draws a map from the scanner's frame to the patient's: a slight turn about each axis and a shift aside.</summary>
    /// <param name="largestTurnDegrees">Largest turn about the body's axis; half of that about the others.</param>
    /// <param name="random">Source of the draw.</param>
    public static Matrix4x4 Draw(float largestTurnDegrees, RandomStream random)
    {
        var largest = largestTurnDegrees * MathF.PI / 180;
        var turned = Matrix4x4.CreateRotationZ(random.Between(-largest, largest))
            * Matrix4x4.CreateRotationX(random.Between(-largest / 2, largest / 2))
            * Matrix4x4.CreateRotationY(random.Between(-largest / 2, largest / 2));
        return turned * Matrix4x4.CreateTranslation(random.Between(-14, 14), random.Between(-9, 9), 0);
    }
}
