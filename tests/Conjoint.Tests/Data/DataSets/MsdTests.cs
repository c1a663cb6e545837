using Conjoint.Imaging;

namespace Conjoint.Tests.Data.DataSets;

/// <summary>Data sets with a dataset.json: the Decathlon's, MSD Heart among them, and nnU-Net's.</summary>
public sealed class MsdTests
{
    private const string Heart = """
        {"name": "LeftAtrium", "modality": {"0": "MRI"}, "labels": {"0": "background", "1": "left atrium"},
         "training": [{"image": "./imagesTr/la_007.nii.gz", "label": "./labelsTr/la_007.nii.gz"}, {"image": "./imagesTr/la_010.nii.gz", "label": "./labelsTr/la_010.nii.gz"}],
         "test": ["./imagesTs/la_002.nii.gz"]}
        """;

    [Fact]
    public void The_heart_task_has_labelled_cases_and_test_cases_without()
    {
        using var set = new Miniature("MSD-Heart");
        set.Text("Task02_Heart/dataset.json", Heart).Niftis("Task02_Heart/imagesTr/la_007.nii.gz", "Task02_Heart/imagesTr/la_010.nii.gz", "Task02_Heart/imagesTs/la_002.nii.gz")
            .Mask("Task02_Heart/labelsTr/la_007.nii.gz", 0, 1).Mask("Task02_Heart/labelsTr/la_010.nii.gz", 0, 1);
        var plan = set.Plan();
        Assert.Equal(["la_007", "la_010", "la_002"], plan.Cases.Select(c => c.Subject));
        Assert.Equal(["la_007.nii.gz", "la_010.nii.gz", null], plan.Cases.Select(Miniature.MaskOf));
        Assert.Equal([null, null, "test"], plan.Cases.Select(c => c.Split));
        Assert.All(plan.Cases, c => Assert.Equal(("MSD-Heart", Modality.MR), (c.Dataset, c.Modality)));
    }

    [Theory]
    [InlineData("../other/la_007.nii.gz", "leads out of the table's folder")]
    [InlineData("/la_007.nii.gz", "is an absolute path")]
    [InlineData("./imagesTr/la_008.nii.gz", "there is no such file")]
    public void A_listed_path_that_leads_elsewhere_or_nowhere_is_left_out(string path, string reason)
    {
        using var set = new Miniature("MSD");
        set.Niftis("imagesTr/la_007.nii.gz", "../other/la_007.nii.gz").Text("dataset.json", $$"""{"name": "x", "training": [{"image": "{{path}}"}]}""");
        var plan = set.Plan();
        Assert.Empty(plan.Cases);
        Assert.Contains(reason, Assert.Single(plan.Skipped).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_in_the_form_of_nn_unet_has_channels_as_volumes_of_one_subject()
    {
        using var set = new Miniature("MSD");
        set.Text("dataset.json", """{"channel_names": {"0": "CT", "1": "PET"}, "labels": {"background": 0, "liver": 1}, "numTraining": 1, "file_ending": ".nii.gz", "name": "Dataset007_Liver"}""")
            .Niftis("imagesTr/liver_001_0000.nii.gz", "imagesTr/liver_001_0001.nii.gz", "imagesTr/liver_002_0000.nii.gz", "imagesTs/liver_003_0000.nii.gz").Mask("labelsTr/liver_001.nii.gz", 0, 1);
        var plan = set.Plan();
        Assert.Equal(["liver_001", "liver_001", "liver_002", "liver_003"], plan.Cases.Select(c => c.Subject));
        Assert.Equal(["liver_001.nii.gz", null, null, null], plan.Cases.Select(Miniature.MaskOf));
        Assert.Equal([null, null, null, "test"], plan.Cases.Select(c => c.Split));
        Assert.All(plan.Cases, c => Assert.Equal(("Dataset007_Liver", Modality.CT), (c.Dataset, c.Modality)));
        Assert.Equal("has no mask in labelsTr/", Assert.Single(plan.Cases[2].Warnings));
        Assert.True(set.IsRecognised);
    }

    [Theory]
    [InlineData("[1]", "holds no JSON object")]
    [InlineData("{", "is no JSON")]
    [InlineData("{\"training\": [3]}", "has an entry without an image")]
    public void A_description_that_is_none_is_told(string json, string reason)
    {
        using var set = new Miniature("MSD");
        set.Text("dataset.json", json);
        var told = json.StartsWith("{\"", StringComparison.Ordinal) ? Assert.Single(set.Plan().Skipped).Reason : set.Refusal();
        Assert.Contains(reason, told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_description_is_refused()
    {
        using var set = new Miniature("MSD-Heart");
        Assert.Contains("has no dataset.json, so it is not MSD-Heart", set.Niftis("imagesTr/a.nii.gz").Refusal(), StringComparison.Ordinal);
    }
}
