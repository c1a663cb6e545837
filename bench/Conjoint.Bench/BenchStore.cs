using Conjoint.Data;
using Conjoint.Imaging;

namespace Conjoint.Bench;

/// <summary>Files and a store for the benchmarks: made once in a folder, the same every time.</summary>
internal static class BenchStore
{
    /// <summary>Volumes of the store; each of 192×192×64 voxels of 1×1×2.5 mm.</summary>
    public const int Volumes = 8;

    private const int Side = 192;
    private const int Slices = 64;

    /// <summary>The store, made where it is missing.</summary>
    public static PreparedStore Open(string folder)
    {
        var sources = Path.Combine(folder, "volumes");
        Directory.CreateDirectory(sources);
        for (var n = 0; n < Volumes; n++)
        {
            var file = Path.Combine(sources, $"{n}.nii.gz");
            if (!File.Exists(file))
                NiftiFile.Write(file, new Volume(Scan.Make(Side * Side * Slices, 1000 + n), Side, Side, Slices, Affine.FromSpacing(1, 1, 2.5)), NiftiDataType.Int16);
        }

        new Preparer(new PrepareSettings { Modality = Modality.MR, ValidationShare = 0, TestShare = 0 }).Run([sources], Path.Combine(folder, "store"));
        return PreparedStore.Open(Path.Combine(folder, "store"));
    }
}
