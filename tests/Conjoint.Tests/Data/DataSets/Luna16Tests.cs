using Conjoint.Data;
using Conjoint.Imaging;

namespace Conjoint.Tests.Data.DataSets;

/// <summary>LUNA16: ten folds of MetaImages and the candidates for false-positive reduction.</summary>
public sealed class Luna16Tests : IDisposable
{
    private const string Header = "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = False\nTransformMatrix = 1 0 0 0 1 0 0 0 1\nOffset = -10 -20 -30\nElementSpacing = 1 1 2\nDimSize = 4 5 3\nElementType = MET_SHORT\nElementDataFile = ";

    private readonly Miniature _set = new("LUNA16");

    public void Dispose() => _set.Dispose();

    private static string Uid(int fold) => $"1.3.6.1.4.1.14519.5.2.1.6279.6001.{fold}00";

    private Miniature Scan(int fold, bool voxels = true)
    {
        _set.Text($"subset{fold}/{Uid(fold)}.mhd", Header + Uid(fold) + ".raw\n");
        if (voxels)
            File.WriteAllBytes(_set[$"subset{fold}/{Uid(fold)}.raw"], new byte[120]);
        return _set;
    }

    private Miniature Whole()
    {
        for (var fold = 0; fold < 10; fold++)
            Scan(fold);
        _set.Text("seg-lungs-LUNA16/1.3.6.mhd", Header + "1.3.6.raw\n");
        return _set.Text("candidates_V2/candidates_V2.csv", $"seriesuid,coordX,coordY,coordZ,class\n{Uid(3)},-9.5,-18,-28,1\n{Uid(3)},-10,-20,-30,0\n{Uid(8)},1,2,3,0\n");
    }

    [Fact]
    public void Subsets_are_folds_of_which_the_first_seven_are_learned_from()
    {
        var plan = Whole().Plan();
        Assert.Equal(Enumerable.Range(0, 10), plan.Cases.Select(c => c.Fold!.Value));
        Assert.Equal([.. Enumerable.Repeat("train", 7), "val", "test", "test"], plan.Cases.Select(c => c.Split!));
        Assert.Equal(Uid(4), plan.Cases[4].Subject);
        Assert.All(plan.Cases, c => Assert.Equal(("LUNA16", Modality.CT, (CaseContent?)null), (c.Dataset, c.Modality, c.Mask)));
        Assert.Empty(plan.Warnings);
        Assert.True(_set.IsRecognised);
    }

    [Fact]
    public void Candidates_come_with_their_scan_in_ras_and_a_scan_without_any_has_an_empty_list()
    {
        var plan = Whole().Plan();
        Assert.Equal([new WorldPoint(9.5, 18, -28, 1), new WorldPoint(10, 20, -30, 0)], plan.Cases[3].Candidates!);
        Assert.Empty(plan.Cases[0].Candidates!);
    }

    [Fact]
    public void Missing_parts_are_told()
    {
        Scan(0);
        Scan(5, voxels: false);
        var plan = _set.Plan();
        Assert.Equal("set/subset0/" + Uid(0) + ".mhd", Assert.Single(plan.Cases).Source);
        Assert.Contains("a .raw file of the same name", Assert.Single(plan.Skipped).Reason, StringComparison.Ordinal);
        Assert.Contains(plan.Warnings, w => w.Contains("lacks candidates_V2.csv", StringComparison.Ordinal));
        Assert.Contains(plan.Warnings, w => w.EndsWith("lacks subset1, subset2, subset3, subset4, subset6, subset7, subset8, subset9.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_without_subsets_is_refused_with_the_way_out()
    {
        _set.Niftis("a.nii.gz");
        Assert.Contains("has no folder subset0 … subset9 with .mhd files, so it is not LUNA16", _set.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uid,1,2,3,2")]
    [InlineData("uid,1,2,nan,1")]
    [InlineData("uid,1")]
    public void A_line_that_is_no_candidate_is_named(string line)
    {
        Scan(0).Text("candidates_V2.csv", "seriesuid,coordX,coordY,coordZ,class\n" + line + "\n");
        Assert.Contains("line 2 is '" + line, _set.Refusal(), StringComparison.Ordinal);
    }

    /// <summary>Through the store with a volume that can be read: LPS to RAS, then to voxels of the stored order.</summary>
    [Fact]
    public void A_store_holds_candidates_in_voxels_of_its_own_array()
    {
        using var folder = new Conjoint.TestSupport.TemporaryFolder();
        // 4×5×6 voxels of 1×1×2 mm, the first at (10, 20, -30): x and y run to the left and to the back, as LPS files have it.
        var affine = new Affine(new double[,] { { -1, 0, 0, 10 }, { 0, -1, 0, 20 }, { 0, 0, 2, -30 } });
        var volume = new StoreCase
        {
            Id = "a", Subject = "a", Split = "train", Kind = "volume", Dataset = "LUNA16", Modality = Modality.CT, Slices = 6, Height = 5, Width = 4, SpacingMm = [2, 1, 1],
            Affine = SourceGrid.Of(new Volume(new float[120], 4, 5, 6, affine)).StoredAffine(), Source = "a", SourceChecksum = "", ImageFile = "", SliceStdFile = "", ImageChecksum = "",
        };
        // The file's voxel (1, 2, 3) in world coordinates, and a place outside.
        var (x, y, z) = affine.Apply(1, 2, 3);
        Assert.Equal(1, CandidateFile.Write(folder["candidates.csv"], [new WorldPoint(x, y, z, 1), new WorldPoint(500, 0, 0, 0)], volume));
        // Stored [slice, row, column] in RAS+: x and y are turned round.
        Assert.Equal([new Candidate(3, 5 - 1 - 2, 4 - 1 - 1, 1)], CandidateFile.Read(folder["candidates.csv"]));
    }
}
