using System.Collections.Concurrent;
using Conjoint.Data.Phantoms;

namespace Conjoint.Tests.Data.Phantoms;

/// <summary>Subjects and scans as the data set makes them, at its default sizes.</summary>
internal static class Examined
{
    public const int Matrix = 96;
    public const int Slices = 27;
    public const int RadiographSize = 128;

    private static readonly ConcurrentDictionary<int, LabelledVolume> Cts = new();
    private static readonly ConcurrentDictionary<int, LabelledVolume> Mrs = new();

    public static PhantomSubject Chest(int number) => PhantomSubject.Chest(seed: 5, "train", number);

    /// <summary>A CT, made once for all tests, which leave it as it is.</summary>
    public static LabelledVolume Ct(int number) => Cts.GetOrAdd(number, static number =>
    {
        var subject = Chest(number);
        return ThoraxPhantom.Scan(subject, Matrix, Slices, subject.Stream(Examination.ComputedTomography), TestContext.Current.CancellationToken);
    });

    /// <summary>An MR, made once for all tests, which leave it as it is.</summary>
    public static LabelledVolume Mr(int number) => Mrs.GetOrAdd(number, static number =>
    {
        var subject = PhantomSubject.Cardiac(seed: 5, "train", number);
        return HeartPhantom.Scan(subject, 80, 18, subject.Stream(Examination.MagneticResonance), TestContext.Current.CancellationToken);
    });

    /// <summary>Mean of the image under a label.</summary>
    public static double MeanUnder(this LabelledVolume scan, int label) =>
        scan.Image.Voxels.Where((_, i) => scan.Mask.Voxels[i] == label).Select(value => (double)value).Average();

    public static int Count(this LabelledVolume scan, int label) => scan.Mask.Voxels.Count(value => value == label);

    public static double VoxelMillilitres(this LabelledVolume scan)
    {
        var affine = scan.Image.Affine;
        return affine.SpacingMm(0) * affine.SpacingMm(1) * affine.SpacingMm(2) / 1000;
    }

    /// <summary>Mean position in mm, RAS+, of a label.</summary>
    public static (double X, double Y, double Z) Centroid(this LabelledVolume scan, int label)
    {
        var (mask, affine) = (scan.Mask, scan.Mask.Affine);
        var sum = (X: 0.0, Y: 0.0, Z: 0.0);
        for (var z = 0; z < mask.SizeZ; z++)
        {
            for (var y = 0; y < mask.SizeY; y++)
            {
                for (var x = 0; x < mask.SizeX; x++)
                {
                    if (mask[x, y, z] != label)
                        continue;
                    var at = affine.Apply(x, y, z);
                    sum = (sum.X + at.X, sum.Y + at.Y, sum.Z + at.Z);
                }
            }
        }

        var count = scan.Count(label);
        return (sum.X / count, sum.Y / count, sum.Z / count);
    }
}
