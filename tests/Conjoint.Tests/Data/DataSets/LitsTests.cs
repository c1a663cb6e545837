namespace Conjoint.Tests.Data.DataSets;

/// <summary>LiTS: volumes beside segmentations in two batches.</summary>
public sealed class LitsTests : IDisposable
{
    private readonly Miniature _set = new("LiTS");

    public void Dispose() => _set.Dispose();

    [Fact]
    public void Volumes_find_their_segmentations_and_the_challenge_keeps_its_test()
    {
        _set.Niftis("Training Batch 1/volume-0.nii", "Training Batch 2/volume-28.nii", "Test/test-volume-3.nii")
            .Mask("Training Batch 1/segmentation-0.nii", 0, 1, 2);
        var plan = _set.Plan();
        Assert.Equal(["test-volume-3", "volume-0", "volume-28"], plan.Cases.Select(c => c.Subject));
        Assert.Equal([null, "segmentation-0.nii", null], plan.Cases.Select(Miniature.MaskOf));
        Assert.Equal(["test", null, null], plan.Cases.Select(c => c.Split));
        Assert.Equal("has no segmentation-28 beside it", Assert.Single(plan.Cases[2].Warnings));
        Assert.True(_set.IsRecognised);
    }

    [Fact]
    public void Another_folder_is_refused()
    {
        _set.Niftis("scan.nii");
        Assert.Contains("has no file volume-0.nii", _set.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_goes_into_a_store_with_its_labels_and_counts_beside_the_papers()
    {
        foreach (var n in Enumerable.Range(0, 4))
            _set.Niftis($"volume-{n}.nii").Mask($"segmentation-{n}.nii", 0, 1, 2);
        var summary = _set.Prepare();
        var count = Assert.Single(summary.Expected);
        Assert.Equal(("LiTS", 4, 2, 111), (count.Dataset, count.Found, count.Train, count.Table1));
        using var store = Conjoint.Data.PreparedStore.Open(_set.Store);
        Assert.Equal([1, 2], store.MaskClasses);
    }
}
