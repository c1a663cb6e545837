using Conjoint.Data;
using Conjoint.Imaging;

namespace Conjoint.Tests.Data.DataSets;

/// <summary>MM-WHS: two modalities, the released code's split, seven structures.</summary>
public sealed class MmwhsTests
{
    private static Miniature Set(string name, string prefix) => new Miniature(name)
        .Niftis($"{prefix}_train/{prefix}_train_1001_image.nii.gz", $"{prefix}_train/{prefix}_train_1002_image.nii.gz", $"{prefix}_train/{prefix}_train_1004_image.nii.gz", $"{prefix}_test/{prefix}_test_2001_image.nii.gz")
        .Mask($"{prefix}_train/{prefix}_train_1001_label.nii.gz", 0, 205, 420, 421, 500, 850).Mask($"{prefix}_train/{prefix}_train_1002_label.nii.gz", 0, 550, 600);

    [Theory]
    [InlineData("MMWHS-CT", "ct", Modality.CT)]
    [InlineData("MMWHS-MRI", "mr", Modality.MR)]
    public void One_modality_is_taken_with_the_released_codes_split(string name, string prefix, Modality modality)
    {
        using var set = Set(name, prefix).Niftis($"{(prefix == "ct" ? "mr" : "ct")}_train/{(prefix == "ct" ? "mr" : "ct")}_train_1001_image.nii.gz");
        var plan = set.Plan();
        Assert.Equal([($"{prefix}_test_2001", "test"), ($"{prefix}_train_1001", "train"), ($"{prefix}_train_1002", "test"), ($"{prefix}_train_1004", "val")], plan.Cases.Select(c => (c.Subject, c.Split!)));
        Assert.Equal([null, $"{prefix}_train_1001_label.nii.gz", $"{prefix}_train_1002_label.nii.gz", null], plan.Cases.Select(Miniature.MaskOf));
        Assert.All(plan.Cases, c => Assert.Equal(modality, c.Modality));
        Assert.Equal($"has no {prefix}_train_1004_label beside it", Assert.Single(plan.Cases[3].Warnings));
    }

    [Theory]
    [InlineData(null, new[] { 205, 420, 500, 550, 600, 850 })]
    [InlineData("mmwhs", new[] { 1, 2, 3, 4, 5, 7 })]
    [InlineData("mmwhs-whole-heart", new[] { 1 })]
    [InlineData("mmwhs-left-atrium", new[] { 1 })]
    public void The_slip_421_is_mended_and_labels_become_what_is_asked_for(string? map, int[] classes)
    {
        using var set = Set("MMWHS-MRI", "mr");
        set.Prepare(new PrepareSettings { LabelMap = map });
        using var store = PreparedStore.Open(set.Store);
        Assert.Equal(classes, store.MaskClasses);
        var first = Samples.ReadMask(store, store.Cases.Single(c => c.Subject == "mr_train_1001"));
        Assert.Equal(20, first.Count(l => l == (map switch { null => 420, "mmwhs" => 2, _ => 1 })) - (map == "mmwhs-whole-heart" ? 30 : 0));
    }

    [Fact]
    public void Another_folder_is_refused()
    {
        using var set = new Miniature("MMWHS-CT");
        Assert.Contains("has no file ct_train_1001_image.nii.gz", set.Niftis("mr_train_1001_image.nii.gz").Refusal(), StringComparison.Ordinal);
    }
}
