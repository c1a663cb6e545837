using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Solids;

namespace Conjoint.Data.Phantoms.Anatomy;

/// <summary>What pushes the diaphragm up from below: liver, spleen, stomach. Painted before the lungs, which cut their domes.</summary>
internal static class Abdomen
{
    /// <summary>Draws the organs under the two domes.</summary>
    /// <param name="build">Whose they are.</param>
    /// <param name="rightDomeZ">Height of the right dome.</param>
    /// <param name="leftDomeZ">Height of the left dome.</param>
    /// <param name="random">Source of their measures.</param>
    public static IEnumerable<Layer> Draw(Build build, float rightDomeZ, float leftDomeZ, RandomStream random)
    {
        var (width, depth) = (build.CageHalfWidth, build.CageHalfDepth);

        // The muscle sheet of the diaphragm fills what the organs leave free just under the lungs.
        yield return new Layer(new Ellipsoid(new(0.45f * width, 0, rightDomeZ - 65), new(0.56f * width, 0.95f * depth, 66)), Tissue.Muscle);
        yield return new Layer(new Ellipsoid(new(-0.45f * width, 0, leftDomeZ - 65), new(0.54f * width, 0.95f * depth, 66)), Tissue.Muscle);

        var liverDepth = random.Between(0.78f, 0.92f) * depth;
        yield return new Layer(new Ellipsoid(new(0.42f * width, 0, rightDomeZ - 66), new(0.54f * width, liverDepth, 65)), Tissue.Liver);
        yield return new Layer(
            new Ellipsoid(new(-0.05f * width, 0.35f * depth, leftDomeZ - 48), new(random.Between(0.35f, 0.6f) * width, 0.45f * depth, 40)), Tissue.Liver);

        yield return new Layer(
            new Ellipsoid(new(-0.66f * width, -0.42f * depth, leftDomeZ - 52), new(0.24f * width, 0.36f * depth, random.Between(36, 52))), Tissue.Spleen);

        var stomach = new Ellipsoid(
            new(-0.45f * width, 0.22f * depth, leftDomeZ - 44), new(random.Between(0.22f, 0.34f) * width, random.Between(0.34f, 0.5f) * depth, 40));
        yield return new Layer(stomach, Tissue.SoftTissue);
        yield return new Layer(new Ellipsoid(new(-0.45f * width, 0.22f * depth, leftDomeZ - 44), new(0.22f * width, 0.34f * depth, 36)), Tissue.StomachContent);
        // Gas rises to the front of a patient lying on the back: as dark as lung, and just beneath it.
        yield return new Layer(
            new Ellipsoid(new(-0.45f * width, 0.42f * depth, leftDomeZ - random.Between(28, 46)), new(0.19f * width, random.Between(0.1f, 0.24f) * depth, 22)), Tissue.Air);
    }
}
