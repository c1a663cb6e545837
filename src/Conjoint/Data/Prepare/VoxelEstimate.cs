using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>How large the cases of a plan will be, from their headers alone.</summary>
internal static class VoxelEstimate
{
    private const int StoredBytes = 2;
    private const int StoredMaskBytes = 1;

    // While a case is made: the file's bytes, its values, the values in stored order, halves; about the same again for the mask.
    private const int WorkBytes = 16;
    private const int MaskWorkBytes = 14;

    public static long Stored(CasePlan plan, long voxels) => voxels * (StoredBytes + (plan.Mask is null ? 0 : StoredMaskBytes));

    public static long Work(CasePlan plan, long voxels) => voxels * (WorkBytes + (plan.Mask is null ? 0 : MaskWorkBytes));

    /// <summary>Voxels of each plan; 0 where a header can't be read, which is told when the case is made.</summary>
    public static long[] Voxels(IReadOnlyList<CasePlan> plans)
    {
        var archives = new Dictionary<(string, string), long>();
        var voxels = new long[plans.Count];
        for (var i = 0; i < voxels.Length; i++)
        {
            voxels[i] = plans[i].Content switch
            {
                FileContent file => OfFile(file.Path),
                SeriesContent { Series: var series } => Product(series.ReadHeader().Shape.Take(3)),
                FramesContent or SeriesFilesContent => OfFile(plans[i].Content.Files[0]) * plans[i].Content.Files.Count,
                ArchiveContent archive => OfArchive(archive, archives),
                _ => 0,
            };
        }

        return voxels;
    }

    private static long OfFile(string path)
    {
        try
        {
            return Product(ImageFile.ReadHeader(path).Shape.Take(3));
        }
        catch (InputDataException)
        {
            return 0;
        }
    }

    private static long OfArchive(ArchiveContent content, Dictionary<(string, string), long> known)
    {
        if (!known.TryGetValue((content.Path, content.Entry), out var voxels))
        {
            using var archive = NpzFile.Open(content.Path);
            voxels = Product(archive.ReadHeader(content.Entry).Shape.Skip(content.Row is null ? 0 : 1));
            known[(content.Path, content.Entry)] = voxels;
        }

        return voxels;
    }

    private static long Product(IEnumerable<int> sizes) => sizes.Aggregate(1L, (product, size) => product * size);
}
