using Conjoint.Data;
using Conjoint.Imaging;

namespace Conjoint.Tests.Tasks;

/// <summary>A small store of images with a bright rectangle of one class and a bright frame of another, and their boxes.</summary>
internal static class BoxStore
{
    private const int Height = 64, Width = 48;

    /// <summary>Writes and opens a store; items are ids and splits.</summary>
    public static PreparedStore Write(string folder, IEnumerable<(string Id, string Split)> items)
    {
        var cases = new List<StoreCase>();
        var seed = 0;
        foreach (var (id, split) in items.OrderBy(i => i.Id, StringComparer.Ordinal))
        {
            Directory.CreateDirectory(Path.Combine(folder, "cases", id));
            var random = new Random(++seed);
            var (image, boxes) = Draw(random);
            NpyFile.Write<Half>(Path.Combine(folder, "cases", id, "image.npy"), image, [1, Height, Width]);
            cases.Add(new StoreCase
            {
                Id = id, Subject = id, Split = split, Kind = CaseKind.Image, Dataset = "rectangles", Modality = Modality.XRay, Slices = 1, Height = Height, Width = Width,
                SpacingMm = [1, 1, 1], Source = id, SourceChecksum = id, Boxes = boxes, HasBoxes = true, ImageFile = $"cases/{id}/image.npy", SliceStdFile = $"cases/{id}/slice_std.npy", ImageChecksum = $"{id}-{seed}",
            });
        }

        var manifest = new StoreManifest { Settings = new PrepareSettings(), ClassNames = [], MaskClasses = [], BoxClasses = ["filled", "frame"], Cases = cases };
        File.WriteAllBytes(Path.Combine(folder, PreparedStore.ManifestFile), StoreJson.Bytes(manifest));
        return PreparedStore.Open(folder);
    }

    private static (Half[] Image, Box[] Boxes) Draw(Random random)
    {
        var image = new Half[Height * Width];
        for (var i = 0; i < image.Length; i++)
            image[i] = (Half)(0.1 * random.NextDouble());
        var filled = new Box(4 + random.Next(6), 4 + random.Next(6), 26 + random.Next(10), 22 + random.Next(6), "filled");
        var frame = new Box(4 + random.Next(6), 34 + random.Next(4), 30 + random.Next(10), 54 + random.Next(6), "frame");
        foreach (var box in new[] { filled, frame })
        {
            for (var y = (int)box.Y1; y < box.Y2; y++)
            {
                for (var x = (int)box.X1; x < box.X2; x++)
                {
                    var isEdge = x - box.X1 < 3 || box.X2 - x <= 3 || y - box.Y1 < 3 || box.Y2 - y <= 3;
                    if (box == filled || isEdge)
                        image[y * Width + x] = (Half)0.9;
                }
            }
        }

        return (image, [filled, frame]);
    }
}
