using System.Globalization;
using Conjoint.Data;
using Conjoint.Data.Augmentation;
using Conjoint.Imaging;

namespace Conjoint.Bench;

/// <summary>
/// <c>side-by-side FOLDER</c>: the work of the scripts in <c>bench/python</c>, measured as they measure it: processor time of one
/// thread (user and system), the median of several runs. A busy machine changes that far less than the time on the wall.
/// </summary>
internal static class SideBySide
{
    private const int WarmUps = 40; // until the compiler has made its second, better code
    private const int Runs = 15;

    public static void Run(string folder)
    {
        Directory.CreateDirectory(folder);
        var store = BenchStore.Open(folder);
        Readers(folder, store);
        Views();
        var epoch = 0;
        Measure("8 volumes in two views", () => LoaderBenchmarks.Volumes(store, workers: 0, epoch++), warmUps: 6);
        Measure("64 slices in 8 crops", () => LoaderBenchmarks.Slices(store, workers: 0, epoch++), warmUps: 6);
        store.Dispose();
    }

    private static void Readers(string folder, PreparedStore store)
    {
        string File(string name) => Path.Combine(folder, name);
        var volume = new Volume(Scan.Make(256 * 256 * 64, 4000), 256, 256, 64, Affine.Identity);
        NiftiFile.Write(File("scan.nii.gz"), volume, NiftiDataType.Int16);
        NiftiFile.Write(File("scan.nii"), volume, NiftiDataType.Int16);
        foreach (var bits in (int[])[8, 16])
            PngFile.Write(File($"x{bits}.png"), new Image(Scan.Make(2048 * 2048, (1 << bits) - 1), 2048, 2048), bits);
        System.IO.File.Copy(Path.Combine(folder, "store", store.Cases[0].ImageFile), File("store.npy"), overwrite: true);

        // Written by bench/python/readers.py --dicom.
        if (Directory.Exists(File("dicom")))
            Measure("DICOM series", () => DicomSeries.Find(Directory.GetFiles(File("dicom"))).Series[0].ReadVolume());
        Measure("NIfTI .nii.gz", () => ImageFile.ReadVolume(File("scan.nii.gz")));
        Measure("NIfTI .nii", () => ImageFile.ReadVolume(File("scan.nii")));
        Measure("PNG 8 bit", () => ImageFile.ReadImage(File("x8.png")));
        Measure("PNG 16 bit", () => ImageFile.ReadImage(File("x16.png")));
        var first = store.Cases[0];
        Measure("NPY float16 mapped", () => store.ReadSlices(first, 0, first.Slices, LargeArrays.Allocate<float>(first.Slices * first.Height * first.Width)));
    }

    private static void Views()
    {
        var multiCrop = new MultiCrop(new MultiCropSettings());
        var (slice, random) = (Phantom.Make(512 * 512), RandomStream.For(1));
        foreach (var crop in multiCrop.Settings.Crops)
        {
            Measure($"32 crops of {crop.Size}", () =>
            {
                for (var i = 0; i < 32; i++)
                    multiCrop.Apply(slice, 512, 512, random, new float[crop.Size * crop.Size], crop);
            });
        }

        var grid = new VolumeGrid(128, 128, 64);
        var volume = Phantom.Make(grid.VoxelCount);
        var settings = new VolumeTransformSettings { FlipProbability = 1 };
        foreach (var kind in Enum.GetValues<VolumeTransformKind>())
            Measure(kind.ToString(), () => VolumeTransforms.Draw(kind, grid, settings, random).Apply<float>(volume, grid));
    }

    private static void Measure(string name, Action work, int warmUps = WarmUps)
    {
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < warmUps; i++)
                work();
            Thread.Sleep(300); // the compiler works beside; its time is not the work's
        }

        var milliseconds = new double[Runs];
        for (var i = 0; i < Runs; i++)
        {
            var before = Environment.CpuUsage.TotalTime;
            work();
            milliseconds[i] = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28} {milliseconds[Runs / 2],10:0.00} ms"));
    }
}
