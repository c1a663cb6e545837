using System.Numerics;
using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Anatomy;
using Conjoint.Data.Phantoms.Scanners;
using Conjoint.Imaging;

namespace Conjoint.Data.Phantoms;

/// <summary>A box about a nodule in pixels of the image: left and top edge, right and bottom edge.</summary>
internal readonly record struct NoduleBox(float X1, float Y1, float X2, float Y2);

/// <summary>
/// A frontal radiograph: X-rays from back to front through the chest that the CT sees too. The patient's right is on the
/// left of the picture, the head is on top, and bone is bright.
/// </summary>
/// <param name="Image">16-bit values, 0..65535.</param>
/// <param name="Boxes">Nodules, hidden ones behind heart and diaphragm too.</param>
internal sealed record Radiograph(Image Image, IReadOnlyList<NoduleBox> Boxes)
{
    /// <summary>Attenuation of water at about 70 keV, per mm.</summary>
    private const float WaterPerMm = 0.0193f;

    /// <summary>Calcium absorbs more at a radiograph's low energies than Hounsfield units, taken at higher ones, say.</summary>
    private const float BoneExtra = 0.6f;

    /// <summary>Hounsfield value above which attenuation is put down to calcium.</summary>
    private const float BoneHounsfield = 110;

    /// <summary>Samples along a ray.</summary>
    private const int RaySamples = 48;

    /// <summary>Takes a radiograph of a subject.</summary>
    /// <param name="subject">Who.</param>
    /// <param name="size">Pixels along each side.</param>
    /// <param name="random">Source of pose, exposure and noise.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static Radiograph Take(PhantomSubject subject, int size, RandomStream random, CancellationToken cancellation)
    {
        var grid = LayGrid(subject, size, random);
        var painting = Painter.Paint(subject.Thorax.Layers, subject.Hounsfield, grid, cancellation);
        var boxes = subject.Thorax.Nodules.Select(nodule => BoxOf(nodule, painting)).OfType<NoduleBox>().ToList();
        return new Radiograph(new Image(Expose(LineIntegrals(painting), size, random), size, size), boxes);
    }

    /// <summary>Draws the projection: axes to the left, downwards, and along the ray from back to front.</summary>
    internal static SampleGrid LayGrid(PhantomSubject subject, int size, RandomStream random)
    {
        var thorax = subject.Thorax;
        var pixelMm = MathF.Max(2 * thorax.BodyHalfWidth * 0.95f, 1.42f * thorax.Build.LungHeight) * random.Between(0.98f, 1.1f) / size;
        var depthMm = 2.3f * thorax.BodyHalfDepth / RaySamples;
        var corner = new Vector3(
            pixelMm * (size - 1) / 2, thorax.BodyCentreY - depthMm * (RaySamples - 1) / 2, 0.5f * thorax.Build.LungHeight + pixelMm * (size - 1) / 2);
        var indexToScanner = ThoraxPhantom.Axes(new(-pixelMm, 0, 0), new(0, 0, -pixelMm), new(0, depthMm, 0), corner);
        return new SampleGrid((size, size, RaySamples), indexToScanner, Pose.Draw(largestTurnDegrees: 7, random), subject.BendSeed);
    }

    /// <summary>Beer and Lambert: the attenuation that a ray meets, summed.</summary>
    internal static float[] LineIntegrals(Painting painting)
    {
        var (width, height, samples) = painting.Grid.Size;
        var plane = width * height;
        var integrals = new float[plane];
        for (var i = 0; i < samples * plane; i++)
        {
            var hounsfield = painting.Values[i];
            var attenuation = MathF.Max(0, 1 + hounsfield / 1000) + BoneExtra * MathF.Max(0, hounsfield - BoneHounsfield) / 1000;
            integrals[i % plane] += WaterPerMm * painting.Grid.DepthMm * attenuation;
        }

        return integrals;
    }

    /// <summary>Photon noise, scatter, and the logarithmic grey scale that the workstation shows.</summary>
    private static float[] Expose(float[] integrals, int size, RandomStream random)
    {
        var photons = random.Between(4000, 20000);      // a pixel's count in air
        var scatter = random.Between(0.1f, 0.35f);
        var blurred = (float[])integrals.Clone();
        Detector.BlurPlanes(blurred, size, size, 0.05f * size);
        var film = new float[integrals.Length];
        for (var i = 0; i < film.Length; i++)
        {
            var direct = photons * MathF.Exp(-integrals[i]);
            var count = direct + scatter * photons * MathF.Exp(-blurred[i]);
            count += MathF.Sqrt(count) * (float)random.Normal();
            film[i] = -MathF.Log(MathF.Max(count, 1) / photons);
            // Workstations even out the broad differences so that lung and mediastinum both fit the screen.
            film[i] -= 0.45f * blurred[i];
        }

        Detector.BlurPlanes(film, size, size, random.Between(0.45f, 0.75f));
        return Display(film, random.Between(0.8f, 1.25f));
    }

    /// <summary>Stretches the film between its 1st and 99.7th percentile to 16 bit.</summary>
    private static float[] Display(float[] film, float gamma)
    {
        var sorted = (float[])film.Clone();
        Array.Sort(sorted);
        var (dark, bright) = (sorted[sorted.Length / 100], sorted[(int)(0.997f * (sorted.Length - 1))]);
        return Array.ConvertAll(
            film, value => MathF.Round(65535 * MathF.Pow(Math.Clamp((value - dark) / MathF.Max(bright - dark, 1e-6f), 0, 1), gamma)));
    }

    private static NoduleBox? BoxOf(Nodule nodule, Painting painting)
    {
        var grid = painting.Grid;
        var (first, end) = grid.Within(nodule.Layer.Solid.Bounds);
        var (left, top, right, bottom) = (int.MaxValue, int.MaxValue, -1, -1);
        for (var z = first.Z; z < end.Z; z++)
        {
            for (var y = first.Y; y < end.Y; y++)
            {
                for (var x = first.X; x < end.X; x++)
                {
                    var index = x + grid.Size.X * (y + grid.Size.Y * z);
                    if (painting.Structures[index] != Structure.Nodule || nodule.Layer.Solid.SignedDistance(grid.Points[index]) > 0)
                        continue;
                    (left, right) = (Math.Min(left, x), Math.Max(right, x));
                    (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
                }
            }
        }

        return right < 0 ? null : new NoduleBox(left, top, right + 1, bottom + 1);
    }
}
