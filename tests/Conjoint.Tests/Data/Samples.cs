using Conjoint.Data;
using Conjoint.Imaging;

namespace Conjoint.Tests.Data;

/// <summary>Small files of every sort, with values that differ from file to file.</summary>
internal static class Samples
{
    public static string Folder(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    public static float[] Values(int count, int seed, int most = 256)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(most))];
    }

    public static void Png(string path, int width, int height, int seed) =>
        PngFile.Write(Folder(path), new Image(Values(width * height, seed), width, height), 8);

    public static void PngMask(string path, int width, int height, params float[] labels) =>
        PngFile.Write(Folder(path), new Image([.. Enumerable.Range(0, width * height).Select(i => labels[i % labels.Length])], width, height), 8);

    public static Volume Volume(int x, int y, int z, int seed, Affine? affine = null) =>
        new([.. Values(x * y * z, seed, 1000)], x, y, z, affine ?? Affine.FromSpacing(1, 1, 2));

    public static void Nifti(string path, Volume volume, NiftiDataType type = NiftiDataType.Int16) =>
        NiftiFile.Write(Folder(path), volume, type);

    public static PrepareSummary Prepare(string store, PrepareSettings? settings, params string[] sources) =>
        new Preparer(settings ?? new PrepareSettings()).Run(sources, store, cancellation: TestContext.Current.CancellationToken);

    public static float[] Read(PreparedStore store, StoreCase c)
    {
        var values = new float[c.Slices * c.Height * c.Width];
        store.ReadSlices(c, 0, c.Slices, values);
        return values;
    }

    public static ushort[] ReadMask(PreparedStore store, StoreCase c)
    {
        var labels = new ushort[c.Slices * c.Height * c.Width];
        store.ReadMask(c, 0, c.Slices, labels);
        return labels;
    }

    /// <summary>Every file below a folder with its bytes, in order.</summary>
    public static (string Name, string Content)[] Snapshot(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(f => (Path.GetRelativePath(folder, f), Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))))
            .Order(),
    ];
}
