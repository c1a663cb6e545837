using Conjoint.Data;
using Conjoint.Imaging;

namespace Conjoint.Tests.Tasks;

/// <summary>A small store of discs on a noisy ground, written in the store's own format.</summary>
internal static class SyntheticStore
{
    /// <summary>One volume of the store.</summary>
    public sealed record Item(string Id, string Subject, string Split, bool HasMask = true, string Kind = CaseKind.Volume, string Dataset = "discs");

    /// <summary>Writes and opens a store; label 2 is a bright disc, label 5 a darker one beside it.</summary>
    public static PreparedStore Write(string folder, IEnumerable<Item> items, int slices = 6, int height = 20, int width = 16)
    {
        var cases = new List<StoreCase>();
        var seed = 0;
        foreach (var item in items.OrderBy(i => i.Id, StringComparer.Ordinal))
        {
            Directory.CreateDirectory(Path.Combine(folder, "cases", item.Id));
            var count = item.Kind == CaseKind.Image ? 1 : slices;
            var (image, mask) = Draw(new Random(++seed), count, height, width);
            int[] shape = [count, height, width];
            NpyFile.Write<Half>(Path.Combine(folder, "cases", item.Id, "image.npy"), image, shape);
            NpyFile.Write<byte>(Path.Combine(folder, "cases", item.Id, "mask.npy"), mask, shape);
            cases.Add(new StoreCase
            {
                Id = item.Id,
                Subject = item.Subject,
                Split = item.Split,
                Kind = item.Kind,
                Dataset = item.Dataset,
                Modality = Modality.MR,
                Slices = count,
                Height = height,
                Width = width,
                SpacingMm = [3, 1, 1.25],
                Source = item.Id,
                SourceChecksum = item.Id,
                MaskLabels = [2, 5],
                ImageFile = $"cases/{item.Id}/image.npy",
                MaskFile = item.HasMask ? $"cases/{item.Id}/mask.npy" : null,
                SliceStdFile = $"cases/{item.Id}/slice_std.npy",
                ImageChecksum = $"{item.Id}-{seed}",
            });
        }

        var manifest = new StoreManifest
        {
            Settings = new PrepareSettings(),
            ClassNames = [],
            MaskClasses = [2, 5],
            BoxClasses = [],
            Cases = cases,
        };
        File.WriteAllBytes(Path.Combine(folder, PreparedStore.ManifestFile), StoreJson.Bytes(manifest));
        return PreparedStore.Open(folder);
    }

    /// <summary>Cases a0, a1 ... of as many subjects, in one split.</summary>
    public static IEnumerable<Item> Subjects(string prefix, int count, string split) =>
        Enumerable.Range(0, count).Select(i => new Item($"{prefix}{i}", $"{prefix}{i}", split));

    private static (Half[] Image, byte[] Mask) Draw(Random random, int slices, int height, int width)
    {
        var image = new Half[slices * height * width];
        var mask = new byte[image.Length];
        var (y2, x2) = (5 + random.Next(3), 5 + random.Next(2));
        var (y5, x5) = (13 + random.Next(2), 9 + random.Next(3));
        for (var i = 0; i < image.Length; i++)
        {
            var (y, x) = (i / width % height, i % width);
            var label = Within(y - y2, x - x2) ? 2 : Within(y - y5, x - x5) ? 5 : 0;
            mask[i] = (byte)label;
            var value = label switch { 2 => 0.9, 5 => 0.55, _ => 0.15 } + 0.05 * random.NextDouble();
            image[i] = (Half)value;
        }

        return (image, mask);
    }

    private static bool Within(int dy, int dx) => dy * dy + dx * dx <= 12;
}
