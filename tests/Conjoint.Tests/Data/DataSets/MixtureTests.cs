using Conjoint.Data;

namespace Conjoint.Tests.Data.DataSets;

/// <summary>The paper's mixtures for pre-training.</summary>
public sealed class MixtureTests : IDisposable
{
    private readonly Miniature _set = new("universal");

    public void Dispose() => _set.Dispose();

    private Miniature Universal()
    {
        for (var fold = 0; fold < 10; fold++)
            _set.Text($"luna16/subset{fold}/1.2.{fold}.mhd", "x").Text($"luna16/subset{fold}/1.2.{fold}.raw", "x");
        foreach (var n in Enumerable.Range(0, 3))
            _set.Niftis($"LiTS/volume-{n}.nii").Mask($"LiTS/segmentation-{n}.nii", 0, 1);
        foreach (var n in Enumerable.Range(0, 10))
        {
            foreach (var sequence in new[] { "flair", "t1", "t1ce", "t2" })
                _set.Niftis($"BraTS 2018/HGG/B_{n}_1/B_{n}_1_{sequence}.nii");
            _set.Mask($"BraTS 2018/HGG/B_{n}_1/B_{n}_1_seg.nii", 0, 1, 4);
        }

        return _set.Niftis("msd-heart/imagesTr/la_1.nii", "msd-heart/imagesTs/la_2.nii").Mask("msd-heart/labelsTr/la_1.nii", 0, 1)
            .Text("msd-heart/dataset.json", """{"training": [{"image": "./imagesTr/la_1.nii", "label": "./labelsTr/la_1.nii"}], "test": ["./imagesTs/la_2.nii"]}""");
    }

    [Fact]
    public void Universal_is_four_sets_without_what_they_test_on_and_without_labels()
    {
        var plan = Universal().Plan();
        Assert.Equal([("LUNA16", 7), ("LiTS", 3), ("BraTS2018", 24), ("MSD-Heart", 2)], plan.Cases.CountBy(c => c.Dataset).Select(c => (c.Key, c.Value)));
        Assert.All(plan.Cases, c => Assert.Equal(("train", (CaseContent?)null, (string?)null), (c.Split, c.Mask, c.Label)));
        Assert.Equal(3 + 4 * 4, plan.Skipped.Count(s => s.Reason.Contains("which a mixture for pre-training leaves out", StringComparison.Ordinal)));
        Assert.Equal(["LUNA16", "LiTS", "BraTS2018", "MSD-Heart"], plan.Sets.Select(s => s.Name));
    }

    [Fact]
    public void The_part_of_brats_that_is_taken_is_the_training_part_of_the_set_by_itself()
    {
        Universal();
        var alone = Samples.Prepare(_set.Store, new PrepareSettings { Dataset = "brats2018", Seed = 5 }, _set["BraTS 2018"]);
        Assert.Equal(24, alone.Splits["train"]);
        using var store = PreparedStore.Open(_set.Store);
        var training = store.Cases.Where(c => c.Split == Split.Train).Select(c => c.Subject).ToHashSet();
        var mixed = _set.Plan(new PrepareSettings { Dataset = "universal", Seed = 5 }).Cases.Where(c => c.Dataset == "BraTS2018").Select(c => c.Subject).ToHashSet();
        Assert.Equal(training.Order(), mixed.Order());
    }

    [Fact]
    public void Sets_that_are_missing_are_named_and_a_mixture_of_nothing_is_refused()
    {
        var warning = Assert.Single(_set.Niftis("LITS/volume-0.nii").Plan().Warnings);
        Assert.Contains("lacks LUNA16, BraTS2018, MSD-Heart: put each set into a sub-folder of that name", warning, StringComparison.Ordinal);
        using var other = new Miniature("unified");
        Assert.Contains("has no sub-folder named MOTS, LIDC-IDRI, RibFrac, TCIA-COVID19, NIH-ChestXray8", other.Niftis("a/volume-0.nii").Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Unified_leaves_out_what_owners_keep_for_validation_and_test()
    {
        using var set = new Miniature("unified");
        set.Niftis("ribfrac/RibFrac1-image.nii.gz", "ribfrac/RibFrac421-image.nii.gz", "ribfrac/RibFrac501-image.nii.gz").Pngs("nih-chestxray8/00000001_000.png", "nih-chestxray8/00000002_000.png")
            .Text("nih-chestxray8/train_val_list.txt", "00000001_000.png").Text("nih-chestxray8/test_list.txt", "00000002_000.png");
        var summary = set.Prepare();
        Assert.Equal([("NIH-ChestXray8", 1), ("RibFrac", 1)], summary.Datasets.Select(d => (d.Key, d.Value)));
        Assert.Equal([("NIH-ChestXray8", 108_948), ("RibFrac", 420)], summary.Expected.Select(e => (e.Dataset, e.Table1)).Order());
        Assert.Equal((1, 1), (summary.Volumes, summary.Images));
    }
}
