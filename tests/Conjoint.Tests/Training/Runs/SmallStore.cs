using Conjoint.Data;
using Conjoint.Imaging;

namespace Conjoint.Tests.Training.Runs;

/// <summary>A store of small made-up cases for pre-training: volumes of any number of slices, and images.</summary>
internal static class SmallStore
{
    private const int Side = 20;

    /// <summary>Writes a store whose cases are all for training.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="volumes">Slices of each volume.</param>
    /// <param name="images">Number of plain images.</param>
    /// <param name="pixel">Value of a pixel from (number of the case, slice, row, column); null for discs on noise.</param>
    public static string Write(string folder, IReadOnlyList<int> volumes, int images = 0, Func<int, int, int, int, float>? pixel = null)
    {
        var cases = new List<StoreCase>();
        for (var i = 0; i < volumes.Count + images; i++)
        {
            var isVolume = i < volumes.Count;
            cases.Add(WriteCase(folder, $"{(isVolume ? "volume" : "image")}{i}", i, isVolume ? volumes[i] : 1, isVolume ? CaseKind.Volume : CaseKind.Image, pixel));
        }

        var manifest = new StoreManifest
        {
            Settings = new PrepareSettings(),
            ClassNames = [],
            MaskClasses = [],
            BoxClasses = [],
            Cases = [.. cases.OrderBy(c => c.Id, StringComparer.Ordinal)],
        };
        File.WriteAllBytes(Path.Combine(folder, PreparedStore.ManifestFile), StoreJson.Bytes(manifest));
        return folder;
    }

    private static StoreCase WriteCase(string folder, string id, int number, int slices, string kind, Func<int, int, int, int, float>? pixel)
    {
        var at = Path.Combine(folder, "cases", id);
        Directory.CreateDirectory(at);
        pixel ??= Disc(new Random(number + 1));
        var values = new Half[slices * Side * Side];
        for (var i = 0; i < values.Length; i++)
            values[i] = (Half)pixel(number, i / (Side * Side), i / Side % Side, i % Side);
        NpyFile.Write<Half>(Path.Combine(at, "image.npy"), values, [slices, Side, Side]);
        NpyFile.Write<float>(Path.Combine(at, "slice_std.npy"), Enumerable.Repeat(0.1f, slices).ToArray(), [slices]);
        return new StoreCase
        {
            Id = id,
            Subject = id,
            Split = Split.Train,
            Kind = kind,
            Dataset = kind == CaseKind.Volume ? "scans" : "films",
            Modality = kind == CaseKind.Volume ? Modality.MR : Modality.XRay,
            Slices = slices,
            Height = Side,
            Width = Side,
            SpacingMm = [3, 1, 1.25],
            Source = id,
            SourceChecksum = id,
            ImageFile = $"cases/{id}/image.npy",
            SliceStdFile = $"cases/{id}/slice_std.npy",
            ImageChecksum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(at, "image.npy")))),
        };
    }

    private static Func<int, int, int, int, float> Disc(Random random)
    {
        var (row, column, radius) = (5 + random.Next(10), 5 + random.Next(10), 3 + random.Next(4));
        return (_, slice, y, x) =>
            (float)(((y - row) * (y - row) + (x - column) * (x - column) <= radius * radius + slice ? 0.8 : 0.2) + 0.15 * random.NextDouble());
    }
}
