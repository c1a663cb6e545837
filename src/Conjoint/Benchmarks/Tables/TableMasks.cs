using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Tasks.Segmentation;

namespace Conjoint.Benchmarks.Tables;

/// <summary>What the segmenters of a table's first runs say of some test cases, kept for the table's figure when their weights are gone.</summary>
internal sealed class TableMasks(string folder)
{
    /// <summary>Cases that are kept; of a larger test split, so many are taken evenly.</summary>
    public const int MostCases = 8;

    /// <summary>The test cases whose masks are kept.</summary>
    public static IReadOnlyList<StoreCase> Cases(PreparedStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        StoreCase[] test = [.. store.Cases.Where(c => c.Split == Split.Test && c.HasMask).OrderBy(c => c.Id, StringComparer.Ordinal)];
        var count = Math.Min(MostCases, test.Length);
        return [.. Enumerable.Range(0, count).Select(i => test[(int)((long)i * test.Length / count)])];
    }

    /// <summary>Segments the cases and keeps their masks.</summary>
    /// <param name="cell">The cell's name.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="segmenter">The fine-tuned segmenter.</param>
    /// <param name="store">The cases' store.</param>
    /// <param name="cancellation">Stops between cases.</param>
    public void Write(string cell, string digest, Segmenter segmenter, PreparedStore store, CancellationToken cancellation)
    {
        var place = Place(cell, digest);
        OutputFolder.Create(place);
        foreach (var (i, storeCase) in Cases(store).Index())
        {
            cancellation.ThrowIfCancellationRequested();
            ushort[] labels = [.. segmenter.Segment(store, storeCase).Select(c => c == 0 ? (ushort)0 : (ushort)segmenter.Labels[c - 1])];
            AtomicFile.Write(At(place, i), stream => NpyFile.Write<ushort>(stream, labels, [storeCase.Slices, storeCase.Height, storeCase.Width]));
        }
    }

    /// <summary>Whether all masks of a cell are here; they aren't where its result was taken over from another machine.</summary>
    public bool Has(string cell, string digest, int cases) => Enumerable.Range(0, cases).All(i => File.Exists(At(Place(cell, digest), i)));

    /// <summary>The labels of a case, [N·H·W]; 0 is background.</summary>
    /// <exception cref="InputDataException">The file doesn't hold the case's mask.</exception>
    public int[] Read(string cell, string digest, int index, StoreCase storeCase)
    {
        var path = At(Place(cell, digest), index);
        var array = NpyFile.Read(path);
        if (!array.Shape.SequenceEqual([storeCase.Slices, storeCase.Height, storeCase.Width]))
            throw new InputDataException(path, $"doesn't have the shape of case {storeCase.Id}; remove the folder 'masks' and the table's figure is left out.");
        return Array.ConvertAll(array.ToSingle(), v => (int)v);
    }

    private string Place(string cell, string digest) => Path.Combine(folder, "masks", $"{cell.Replace('/', '+')}-{digest}");

    private static string At(string place, int index) => Path.Combine(place, FormattableString.Invariant($"{index}.npy"));
}
