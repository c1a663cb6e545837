using Conjoint.Data;
using Conjoint.Imaging;

namespace Conjoint.Tests.Tasks;

/// <summary>A small store of volumes in folds, with candidates: some on a bright ball (class 1), some beside it (class 0).</summary>
internal static class CandidateStore
{
    public const int Slices = 12, Height = 24, Width = 20, Negatives = 5;

    /// <summary>Writes and opens a store of one volume a fold; each has one ball.</summary>
    public static PreparedStore Write(string folder, int folds)
    {
        var cases = new List<StoreCase>();
        for (var fold = 0; fold < folds; fold++)
        {
            var id = $"scan{fold}";
            var random = new Random(fold);
            var ball = new Candidate(3 + random.Next(6), 6 + random.Next(12), 6 + random.Next(8), 1);
            Directory.CreateDirectory(Path.Combine(folder, "cases", id));
            NpyFile.Write<Half>(Path.Combine(folder, "cases", id, "image.npy"), Draw(random, ball), [Slices, Height, Width]);
            Candidate[] beside = [.. Enumerable.Range(0, Negatives).Select(i => ball with { Row = (ball.Row + 8 + i) % Height, Class = 0 })];
            File.WriteAllText(
                Path.Combine(folder, "cases", id, CandidateFile.Name),
                "slice,row,column,class\n" + string.Concat(beside.Append(ball).Select(c => FormattableString.Invariant($"{c.Slice},{c.Row},{c.Column},{c.Class}\n"))));
            cases.Add(new StoreCase
            {
                Id = id, Subject = id, Split = Split.Train, Kind = CaseKind.Volume, Dataset = "balls", Modality = Modality.CT,
                Slices = Slices, Height = Height, Width = Width, SpacingMm = [2, 1, 1], Source = id, SourceChecksum = id, ImageChecksum = $"image of {id}",
                Fold = fold, CandidatesFile = $"cases/{id}/{CandidateFile.Name}", ImageFile = $"cases/{id}/image.npy", SliceStdFile = $"cases/{id}/slice_std.npy",
            });
        }

        var manifest = new StoreManifest { Settings = new PrepareSettings(), ClassNames = [], MaskClasses = [], BoxClasses = [], Cases = cases };
        File.WriteAllBytes(Path.Combine(folder, PreparedStore.ManifestFile), StoreJson.Bytes(manifest));
        return PreparedStore.Open(folder);
    }

    private static Half[] Draw(Random random, Candidate ball)
    {
        var image = new Half[Slices * Height * Width];
        for (var i = 0; i < image.Length; i++)
        {
            var (dn, dy, dx) = (i / (Height * Width) - ball.Slice, i / Width % Height - ball.Row, i % Width - ball.Column);
            image[i] = (Half)((4 * dn * dn + dy * dy + dx * dx <= 9 ? 0.9 : 0.15) + 0.05 * random.NextDouble());
        }

        return image;
    }
}
