using Conjoint.Data;
using Conjoint.Imaging;

namespace Conjoint.Tests.Tasks;

/// <summary>A small store of noisy volumes of different lengths whose class is the size of the bright disc in them.</summary>
internal static class ClassStore
{
    /// <summary>One case; a label of null has no class.</summary>
    public sealed record Item(string Id, int? Label, string Split, string Kind = CaseKind.Volume, string Dataset = "discs");

    /// <summary>Cases a0, a1 ... of as many subjects, in one split, whose classes take turns.</summary>
    public static IEnumerable<Item> Items(string prefix, int count, string split, int classes = 2, string kind = CaseKind.Volume) =>
        Enumerable.Range(0, count).Select(i => new Item($"{prefix}{i}", i % classes, split, kind));

    /// <summary>Writes and opens a store.</summary>
    public static PreparedStore Write(string folder, IEnumerable<Item> items, IReadOnlyList<string>? classNames = null, int height = 20, int width = 16)
    {
        var cases = new List<StoreCase>();
        var seed = 0;
        foreach (var item in items.OrderBy(i => i.Id, StringComparer.Ordinal))
        {
            Directory.CreateDirectory(Path.Combine(folder, "cases", item.Id));
            var random = new Random(++seed);
            var slices = item.Kind == CaseKind.Image ? 1 : 2 + random.Next(6);
            NpyFile.Write<Half>(Path.Combine(folder, "cases", item.Id, "image.npy"), Draw(random, item.Label ?? 0, slices, height, width), [slices, height, width]);
            cases.Add(new StoreCase
            {
                Id = item.Id,
                Subject = item.Id,
                Split = item.Split,
                Kind = item.Kind,
                Dataset = item.Dataset,
                Modality = Modality.CT,
                Slices = slices,
                Height = height,
                Width = width,
                SpacingMm = [3, 1, 1.25],
                Source = item.Id,
                SourceChecksum = item.Id,
                Label = item.Label,
                ImageFile = $"cases/{item.Id}/image.npy",
                SliceStdFile = $"cases/{item.Id}/slice_std.npy",
                ImageChecksum = $"{item.Id}-{seed}",
            });
        }

        var manifest = new StoreManifest { Settings = new PrepareSettings(), ClassNames = classNames ?? ["benign", "malign"], MaskClasses = [], BoxClasses = [], Cases = cases };
        File.WriteAllBytes(Path.Combine(folder, PreparedStore.ManifestFile), StoreJson.Bytes(manifest));
        return PreparedStore.Open(folder);
    }

    private static Half[] Draw(Random random, int label, int slices, int height, int width)
    {
        var image = new Half[slices * height * width];
        var (cy, cx) = (8 + random.Next(4), 6 + random.Next(4));
        var radius = 2 + 2 * label;
        for (var i = 0; i < image.Length; i++)
        {
            var (dy, dx) = (i / width % height - cy, i % width - cx);
            image[i] = (Half)((dy * dy + dx * dx <= radius * radius ? 0.9 : 0.15) + 0.05 * random.NextDouble());
        }

        return image;
    }
}
