using Conjoint.Imaging;
using TorchSharp;

namespace Conjoint.Cli.Tests;

/// <summary>Small made-up data.</summary>
internal static class Samples
{
    /// <summary>Eight volumes with a bright cuboid and its mask: <c>images/</c> beside <c>labels/</c>.</summary>
    public static void WriteFolder(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        Directory.CreateDirectory(Path.Combine(folder, "labels"));
        for (var i = 0; i < 8; i++)
        {
            var (image, label) = Cuboid(i);
            NiftiFile.Write(Path.Combine(folder, "images", $"case{i}.nii.gz"), image, NiftiDataType.Int16);
            NiftiFile.Write(Path.Combine(folder, "labels", $"case{i}.nii.gz"), label, NiftiDataType.UInt8);
        }
    }

    /// <summary>Twelve volumes with a table: in every other one the cuboid is there, and its finding says so.</summary>
    public static void WriteClassFolder(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        var rows = new List<string> { "image,subject,split,finding" };
        for (var i = 0; i < 12; i++)
        {
            var (image, label) = Cuboid(i);
            var isThere = i % 2 == 1;
            for (var v = 0; v < image.Voxels.Length; v++)
                image.Voxels[v] -= isThere || label.Voxels[v] == 0 ? 0 : 300;
            NiftiFile.Write(Path.Combine(folder, "images", $"case{i}.nii.gz"), image, NiftiDataType.Int16);
            rows.Add($"images/case{i}.nii.gz,s{i},{(i < 6 ? "train" : i < 8 ? "val" : "test")},{(isThere ? "present" : "absent")}");
        }

        File.WriteAllLines(Path.Combine(folder, "index.csv"), rows);
    }

    /// <summary>A file of the format that its name says, cut off after two thirds.</summary>
    public static void WriteCut(string path)
    {
        if (path.EndsWith(".png", StringComparison.Ordinal))
            PngFile.Write(path, new Image([.. Enumerable.Range(0, 64 * 64).Select(i => (float)(i * 37 % 256))], 64, 64), 8);
        else if (path.EndsWith(".npy", StringComparison.Ordinal))
            NpyFile.Write<float>(path, new float[8 * 8 * 8], [8, 8, 8]);
        else if (path.EndsWith(".safetensors", StringComparison.Ordinal))
            Runtime.Safetensors.Write(path, new Dictionary<string, torch.Tensor> { ["w"] = torch.zeros(100) });
        else
            NiftiFile.Write(path, Cuboid(3).Image, NiftiDataType.Int16);
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length * 2 / 3)]);
    }

    private static (Volume Image, Volume Label) Cuboid(int seed)
    {
        const int side = 24, slices = 6;
        var random = new Random(seed);
        var (image, label) = (new float[side * side * slices], new float[side * side * slices]);
        var (left, top) = (4 + random.Next(6), 4 + random.Next(6));
        for (var i = 0; i < image.Length; i++)
        {
            var (x, y, z) = (i % side, i / side % side, i / (side * side));
            var inside = x >= left && x < left + 9 && y >= top && y < top + 7 && z is > 0 and < slices - 1;
            label[i] = inside ? 1 : 0;
            image[i] = (inside ? 400 : 100) + random.Next(50);
        }

        var affine = Affine.FromSpacing(1, 1, 3);
        return (new Volume(image, side, side, slices, affine), new Volume(label, side, side, slices, affine));
    }
}
