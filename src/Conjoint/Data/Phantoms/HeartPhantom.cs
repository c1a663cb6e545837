using System.Numerics;
using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Anatomy;
using Conjoint.Data.Phantoms.Scanners;
using Conjoint.Imaging;

namespace Conjoint.Data.Phantoms;

/// <summary>
/// An MR scan of the heart in sagittal slices: arbitrary scale, uneven coil sensitivity, axes to the front, downwards and
/// to the left (AIL).
/// </summary>
/// <remarks>
/// Labels: 1 left ventricle, 2 right ventricle, 3 left atrium, 4 right atrium, 5 myocardium of the left ventricle, 6 aorta.
/// </remarks>
internal static class HeartPhantom
{
    private const int PlanesPerSlice = 3;

    /// <summary>Sagittal slices must reach from the right atrium to the apex.</summary>
    private const float WidthMm = 165;

    /// <summary>Names of the mask's labels; the first is label 1.</summary>
    public static IReadOnlyList<string> LabelNames { get; } =
        ["left_ventricle", "right_ventricle", "left_atrium", "right_atrium", "myocardium", "aorta"];

    /// <summary>Scans a subject's heart.</summary>
    /// <param name="subject">Who.</param>
    /// <param name="matrix">Pixels along each side of a slice.</param>
    /// <param name="meanSlices">Slices on average; a scan has up to a sixth more or fewer.</param>
    /// <param name="random">Source of pose, sequence and noise.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static LabelledVolume Scan(PhantomSubject subject, int matrix, int meanSlices, RandomStream random, CancellationToken cancellation)
    {
        var thorax = subject.Thorax;
        var slices = Math.Max(1, (int)MathF.Round(meanSlices * random.Between(0.85f, 1.16f)));
        var sliceMm = WidthMm * random.Between(0.95f, 1.1f) / slices;
        var pixelMm = random.Between(215, 265) / matrix;

        // Voxel (0, 0, 0) is the rearmost, topmost, rightmost: the axes run to the front, downwards and to the left.
        var centre = thorax.Heart.Centre + new Vector3(8, -10, 22) + 6 * random.Direction();
        var planeMm = sliceMm / PlanesPerSlice;
        var corner = centre + new Vector3(sliceMm * (slices - 1) / 2, -pixelMm * (matrix - 1) / 2, pixelMm * (matrix - 1) / 2);
        var indexToScanner = ThoraxPhantom.Axes(
            new(0, pixelMm, 0), new(0, 0, -pixelMm), new(-planeMm, 0, 0), corner + new Vector3(planeMm, 0, 0));
        var grid = new SampleGrid(
            (matrix, matrix, slices * PlanesPerSlice), indexToScanner, Pose.Draw(largestTurnDegrees: 8, random), subject.BendSeed);
        var painting = Painter.Paint(thorax.Layers, MagneticResonanceLooks.Draw(random), grid, cancellation);

        var plane = matrix * matrix;
        var values = Detector.ThickSlices(painting.Values, plane, PlanesPerSlice);
        Detector.BlurPlanes(values, matrix, matrix, random.Between(0.5f, 0.8f));
        Receive(values, matrix, slices, random);

        var labels = Array.ConvertAll(Detector.ThickSlices(painting.Structures, plane), Label);
        var affine = new Affine(new double[,]
        {
            { 0, 0, -sliceMm, corner.X },
            { pixelMm, 0, 0, corner.Y },
            { 0, -pixelMm, 0, corner.Z },
        });
        return new LabelledVolume(
            new Volume(values, matrix, matrix, slices, affine), new Volume(labels, matrix, matrix, slices, affine));
    }

    /// <summary>Coil sensitivity, thermal noise in both channels (which makes magnitudes Rician), and the receiver's gain.</summary>
    private static void Receive(float[] values, int matrix, int slices, RandomStream random)
    {
        var toFront = random.Between(0.15f, 0.6f);        // the surface coil lies on the chest
        var downwards = random.Between(-0.3f, 0.3f);
        var toLeft = random.Between(-0.25f, 0.25f);
        var noise = random.Between(0.02f, 0.055f);
        var gain = random.Between(300, 1800);
        var index = 0;
        for (var z = 0; z < slices; z++)
        {
            for (var y = 0; y < matrix; y++)
            {
                for (var x = 0; x < matrix; x++, index++)
                {
                    var sensitivity = MathF.Exp(toFront * Centred(x, matrix) + downwards * Centred(y, matrix) + toLeft * Centred(z, slices));
                    var real = sensitivity * values[index] + noise * (float)random.Normal();
                    var imaginary = noise * (float)random.Normal();
                    values[index] = MathF.Round(gain * MathF.Sqrt(real * real + imaginary * imaginary));
                }
            }
        }
    }

    /// <summary>An index as −1..1 across its axis.</summary>
    private static float Centred(int index, int size) => (2 * index + 1f) / size - 1;

    private static float Label(Structure structure) => structure switch
    {
        Structure.LeftVentricle => 1,
        Structure.RightVentricle => 2,
        Structure.LeftAtrium => 3,
        Structure.RightAtrium => 4,
        Structure.LeftVentricleMyocardium => 5,
        Structure.Aorta => 6,
        _ => 0,
    };
}
