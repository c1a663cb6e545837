using Conjoint.Data;

namespace Conjoint.Tests.Data.DataSets;

/// <summary>MOTS: seven partly labelled sets.</summary>
public sealed class MotsTests : IDisposable
{
    private readonly Miniature _set = new("MOTS");

    public void Dispose() => _set.Dispose();

    private Miniature Some() => _set
        .Niftis("0Liver/imagesTr/liver_1.nii.gz", "0Liver/imagesTs/liver_200.nii.gz", "1Kidney/origin/case_00001/imaging.nii.gz", "6Spleen/imagesTr/spleen_2.nii.gz")
        .Mask("0Liver/labelsTr/liver_1.nii.gz", 0, 1, 2).Mask("1Kidney/origin/case_00001/segmentation.nii.gz", 0, 1, 2).Mask("6Spleen/labelsTr/spleen_2.nii.gz", 0, 1);

    [Fact]
    public void Each_task_gives_its_scans_and_none_of_the_decathlons_own_test()
    {
        var plan = Some().Plan();
        Assert.Equal(["0Liver-liver_1", "1Kidney-case_00001", "6Spleen-spleen_2"], plan.Cases.Select(c => c.Subject));
        Assert.Equal(["liver_1.nii.gz", "segmentation.nii.gz", "spleen_2.nii.gz"], plan.Cases.Select(Miniature.MaskOf));
        Assert.Contains(plan.Warnings, w => w.EndsWith("lacks 2HepaticVessel, 3Pancreas, 4Colon, 5Lung.", StringComparison.Ordinal));
        Assert.True(_set.IsRecognised);
    }

    [Fact]
    public void Labels_of_different_tasks_stay_different()
    {
        Some().Prepare();
        using var store = PreparedStore.Open(_set.Store);
        Assert.Equal([[1, 2], [3, 4], [13]], store.Cases.Select(c => c.MaskLabels));
    }

    [Fact]
    public void The_authors_lists_decide_where_they_are_there()
    {
        Some().Text("MOTS_train.txt", "0123456_spacing_same/0Liver/imagesTr/liver_1.nii.gz     0123456_spacing_same/0Liver/labelsTr/liver_1.nii.gz\n")
            .Text("MOTS_test.txt", "0123456_spacing_same/1Kidney/origin/case_00001/imaging.nii.gz x\n");
        var plan = _set.Plan();
        Assert.Equal([("0Liver-liver_1", "train"), ("1Kidney-case_00001", "test")], plan.Cases.Select(c => (c.Subject, c.Split!)));
        Assert.Equal("set/6Spleen/imagesTr/spleen_2.nii.gz", Assert.Single(plan.Skipped).Path);
    }

    [Theory]
    [InlineData("../0Liver/imagesTr/liver_1.nii.gz x", "leads out of")]
    [InlineData("/0Liver/imagesTr/liver_1.nii.gz x", "absolute path")]
    [InlineData("Brain/imagesTr/b.nii.gz x", "which is in none of 0Liver")]
    public void A_list_with_other_paths_is_refused(string line, string reason)
    {
        Some().Text("MOTS_train.txt", line);
        Assert.Contains(reason, _set.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_folder_is_refused() => Assert.Contains("has no folder 0Liver", _set.Niftis("a.nii.gz").Refusal(), StringComparison.Ordinal);
}
