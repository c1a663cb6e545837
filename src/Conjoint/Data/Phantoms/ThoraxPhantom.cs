using System.Numerics;
using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Anatomy;
using Conjoint.Data.Phantoms.Scanners;
using Conjoint.Imaging;

namespace Conjoint.Data.Phantoms;

/// <summary>A CT of a chest in Hounsfield units, stored as scanners do: first axis to the left, second to the back (LPS).</summary>
/// <remarks>Labels: 1 right lung, 2 left lung, 3 heart, 4 spine, 5 nodules.</remarks>
internal static class ThoraxPhantom
{
    /// <summary>Planes painted for each thick slice.</summary>
    private const int PlanesPerSlice = 3;

    private const float LowestHounsfield = -1024;
    private const float HighestHounsfield = 3071;

    /// <summary>Names of the mask's labels; the first is label 1.</summary>
    public static IReadOnlyList<string> LabelNames { get; } = ["right_lung", "left_lung", "heart", "spine", "nodule"];

    /// <summary>Scans a subject.</summary>
    /// <param name="subject">Who.</param>
    /// <param name="matrix">Pixels along each side of a slice.</param>
    /// <param name="meanSlices">Slices on average; a scan has up to a sixth more or fewer.</param>
    /// <param name="random">Source of pose, protocol and noise.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static LabelledVolume Scan(PhantomSubject subject, int matrix, int meanSlices, RandomStream random, CancellationToken cancellation)
    {
        var thorax = subject.Thorax;
        var build = thorax.Build;

        // Some fields of view just hold the ribs, others the whole patient; the scan runs from about the domes to near the apex.
        var pixelMm = 2 * thorax.BodyHalfWidth * random.Between(0.85f, 1.12f) / matrix;
        var slices = Math.Max(1, (int)MathF.Round(meanSlices * random.Between(0.85f, 1.16f)));
        var bottom = random.Between(-34, 10);
        var top = random.Between(0.84f, 1.0f) * build.LungHeight;
        var sliceMm = (top - bottom) / slices;

        // Voxel (0, 0, 0) is the rightmost, frontmost, lowest: the axes run to the left, the back and upwards.
        var centre = new Vector3(0, thorax.BodyCentreY, 0);
        var corner = new Vector3(matrix - 1, matrix - 1, 0) * pixelMm / 2 + centre;
        var planeMm = sliceMm / PlanesPerSlice;
        var indexToScanner = Axes(new(-pixelMm, 0, 0), new(0, -pixelMm, 0), new(0, 0, planeMm), corner with { Z = bottom - planeMm });
        var grid = new SampleGrid(
            (matrix, matrix, slices * PlanesPerSlice), indexToScanner, Pose.Draw(largestTurnDegrees: 9, random), subject.BendSeed);
        var painting = Painter.Paint(thorax.Layers, subject.Hounsfield, grid, cancellation);

        AddTable(painting, pixelMm, thorax.BodyHalfDepth, subject.Hounsfield[Tissue.TableTop].Mean);

        var plane = matrix * matrix;
        var values = Detector.ThickSlices(painting.Values, plane, PlanesPerSlice);
        Detector.BlurPlanes(values, matrix, matrix, random.Between(0.45f, 0.8f));
        // Stout patients let fewer photons through.
        var noiseHounsfield = random.Between(12, 30) * thorax.BodyHalfWidth / 160;
        var noise = Detector.CorrelatedNoise(values.Length, matrix, matrix, noiseHounsfield, random);
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Clamp(MathF.Round(values[i] + noise[i]), LowestHounsfield, HighestHounsfield);

        var labels = Array.ConvertAll(Detector.ThickSlices(painting.Structures, plane), Label);
        var affine = new Affine(new double[,]
        {
            { -pixelMm, 0, 0, corner.X },
            { 0, -pixelMm, 0, corner.Y },
            { 0, 0, sliceMm, bottom },
        });
        return new LabelledVolume(
            new Volume(values, matrix, matrix, slices, affine), new Volume(labels, matrix, matrix, slices, affine));
    }

    /// <summary>The matrix that takes row vectors of indices to mm.</summary>
    internal static Matrix4x4 Axes(Vector3 stepX, Vector3 stepY, Vector3 stepZ, Vector3 origin) => new(
        stepX.X, stepX.Y, stepX.Z, 0,
        stepY.X, stepY.Y, stepY.Z, 0,
        stepZ.X, stepZ.Y, stepZ.Z, 0,
        origin.X, origin.Y, origin.Z, 1);

    /// <summary>The table, a trough of foam and carbon fibre: it stays level when the patient lies askew, so it is drawn in the scanner's frame.</summary>
    private static void AddTable(Painting painting, float pixelMm, float bodyHalfDepth, float tableHounsfield)
    {
        const float thicknessMm = 24;
        const float halfWidthMm = 205;
        const float troughMm = 34;                  // how much higher the edges are than the middle
        var (width, height, _) = painting.Grid.Size;
        for (var i = 0; i < painting.Values.Length; i++)
        {
            var across = (i % width - (width - 1) / 2f) * pixelMm / halfWidthMm;
            var behindMm = (i / width % height - (height - 1) / 2f) * pixelMm;
            var belowTopMm = behindMm - bodyHalfDepth - 3 + troughMm * across * across;
            if (MathF.Abs(across) < 1 && belowTopMm is > 0 and < thicknessMm && painting.Values[i] < -950)
                painting.Values[i] = tableHounsfield;
        }
    }

    private static float Label(Structure structure) => structure switch
    {
        Structure.RightLung => 1,
        Structure.LeftLung => 2,
        Structure.HeartWall or Structure.LeftVentricleMyocardium or Structure.LeftVentricle or Structure.RightVentricle
            or Structure.LeftAtrium or Structure.RightAtrium => 3,
        Structure.Spine => 4,
        Structure.Nodule => 5,
        _ => 0,
    };
}
