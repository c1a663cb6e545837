using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using BenchmarkDotNet.Attributes;
using Conjoint.Data.Augmentation;
using Conjoint.Imaging;

namespace Conjoint.Bench;

/// <summary>A volume of 256×256×64 16-bit voxels from a compressed file, one thread; 8 MiB of voxels.</summary>
[MemoryDiagnoser]
public class VolumeReaderBenchmarks
{
    private const int Side = 256;
    private const int Slices = 64;
    private string _folder = null!;

    [Params("scan.nii.gz", "scan.nrrd", "scan.mha")]
    public string File { get; set; } = null!;

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("conjoint-bench-").FullName;
        var voxels = Scan.Make(Side * Side * Slices, 4000);
        NiftiFile.Write(Path.Combine(_folder, "scan.nii.gz"), new Volume(voxels, Side, Side, Slices, Affine.Identity), NiftiDataType.Int16);
        var bytes = MemoryMarshal.AsBytes<short>(Array.ConvertAll(voxels, v => (short)v)).ToArray();
        Write("scan.nrrd", $"NRRD0004\ntype: short\ndimension: 3\nspace: RAS\nsizes: {Side} {Side} {Slices}\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nendian: little\nencoding: gzip\n\n",
            file => new GZipStream(file, CompressionLevel.Optimal), bytes);
        Write("scan.mha", $"NDims = 3\nDimSize = {Side} {Side} {Slices}\nElementSpacing = 1 1 1\nCompressedData = True\nElementType = MET_SHORT\nElementDataFile = LOCAL\n",
            file => new ZLibStream(file, CompressionLevel.Optimal), bytes);
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    [Benchmark]
    public Volume Read() => ImageFile.ReadVolume(Path.Combine(_folder, File));

    private void Write(string name, string header, Func<Stream, Stream> pack, byte[] bytes)
    {
        using var file = System.IO.File.Create(Path.Combine(_folder, name));
        file.Write(Encoding.ASCII.GetBytes(header));
        using var packed = pack(file);
        packed.Write(bytes);
    }
}

/// <summary>A grey PNG of 2048×2048 pixels, one thread.</summary>
[MemoryDiagnoser]
public class PngReaderBenchmarks
{
    private const int Side = 2048;
    private string _folder = null!;

    [Params(8, 16)]
    public int Bits { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("conjoint-bench-").FullName;
        PngFile.Write(Path.Combine(_folder, "x.png"), new Image(Scan.Make(Side * Side, (1 << Bits) - 1), Side, Side), Bits);
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    [Benchmark]
    public Image Read() => ImageFile.ReadImage(Path.Combine(_folder, "x.png"));
}

internal static class Scan
{
    /// <summary>Whole numbers from 0 to <paramref name="most"/>: a slope with a little noise, which compresses about as scans do.</summary>
    public static float[] Make(int count, int most)
    {
        var random = RandomStream.For(0);
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = MathF.Round(most * (0.5f + 0.45f * MathF.Sin(i * 0.01f) + 0.04f * (float)random.NextDouble()));
        return values;
    }
}
