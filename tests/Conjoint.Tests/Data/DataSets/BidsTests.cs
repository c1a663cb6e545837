namespace Conjoint.Tests.Data.DataSets;

/// <summary>BIDS folders.</summary>
public sealed class BidsTests : IDisposable
{
    private readonly Miniature _set = new("BIDS");

    public void Dispose() => _set.Dispose();

    [Fact]
    public void Anatomical_scans_are_taken_with_derived_masks_and_stated_splits()
    {
        _set.Text("dataset_description.json", "{}").Text("participants.tsv", "participant_id\tage\tsplit\nsub-01\t30\ttrain\nsub-02\t40\ttest\nsub-03\t50\tn/a\n")
            .Niftis("sub-01/anat/sub-01_T1w.nii.gz", "sub-01/anat/sub-01_FLAIR.nii.gz", "sub-02/ses-a/anat/sub-02_ses-a_T1w.nii.gz", "sub-03/anat/sub-03_T2w.nii.gz", "sub-01/func/sub-01_task-rest_bold.nii.gz")
            .Mask("derivatives/manual/sub-01/anat/sub-01_dseg.nii.gz", 0, 1).Mask("derivatives/manual/sub-02/ses-a/anat/sub-02_ses-a_desc-lesion_mask.nii.gz", 0, 1);
        var plan = _set.Plan();
        Assert.Equal([("sub-01", "train", "sub-01_dseg.nii.gz"), ("sub-01", "train", null), ("sub-02", "test", "sub-02_ses-a_desc-lesion_mask.nii.gz"), ("sub-03", null, null)],
            plan.Cases.Select(c => (c.Subject, c.Split, Miniature.MaskOf(c))));
        Assert.All(plan.Cases, c => Assert.Equal(("set", Conjoint.Imaging.Modality.MR), (c.Dataset, c.Modality)));
        Assert.Contains("is a series of 'bold'", Assert.Single(plan.Skipped).Reason, StringComparison.Ordinal);
        Assert.True(_set.IsRecognised);
    }

    [Fact]
    public void A_split_that_is_none_is_refused()
    {
        _set.Niftis("sub-01/anat/sub-01_T1w.nii.gz").Text("participants.tsv", "participant_id\tsplit\nsub-01\thalf\n");
        Assert.Contains("the split of sub-01 is 'half'", _set.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_folder_is_refused() => Assert.Contains("has no scan sub-LABEL/anat", _set.Text("a.txt", "").Refusal(), StringComparison.Ordinal);
}
