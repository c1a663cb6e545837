using Conjoint.Data;
using Conjoint.Imaging;

namespace Conjoint.Tests.Data.DataSets;

/// <summary>BraTS 2018: four sequences a case, grades, sub-regions.</summary>
public sealed class BratsTests : IDisposable
{
    private static readonly string[] s_sequences = ["flair", "t1", "t1ce", "t2"];

    private readonly Miniature _set = new("BraTS2018");

    public void Dispose() => _set.Dispose();

    private Miniature Case(string folder, string name, bool mask = true)
    {
        _set.Niftis([.. s_sequences.Select(s => $"{folder}/{name}/{name}_{s}.nii.gz")]);
        return mask ? _set.Mask($"{folder}/{name}/{name}_seg.nii.gz", 0, 1, 2, 4) : _set;
    }

    [Fact]
    public void Each_sequence_is_a_volume_and_flair_has_the_mask()
    {
        Case("HGG", "Brats18_2013_10_1");
        Case("LGG", "Brats18_2013_0_1");
        var plan = _set.Plan();
        Assert.Equal(8, plan.Cases.Count);
        Assert.Equal([.. s_sequences.Select(s => $"HGG/Brats18_2013_10_1/Brats18_2013_10_1_{s}.nii.gz")], plan.Cases.Take(4).Select(Miniature.Of));
        Assert.Equal(["Brats18_2013_10_1_seg.nii.gz", null, null, null], plan.Cases.Take(4).Select(Miniature.MaskOf));
        Assert.Equal(["HGG", "LGG"], plan.Cases.Select(c => c.Label!).Distinct());
        Assert.Equal(s_sequences, plan.Cases.Take(4).Select(c => c.Channel!));
        Assert.Equal(2, plan.Cases.Select(c => c.ChannelGroup!).Distinct().Count());
        Assert.EndsWith("HGG/Brats18_2013_10_1/Brats18_2013_10_1", plan.Cases[0].ChannelGroup, StringComparison.Ordinal);
        Assert.All(plan.Cases, c => Assert.Equal((Modality.MR, (string?)null), (c.Modality, c.Split)));
        Assert.True(_set.IsRecognised);
    }

    [Fact]
    public void Scans_of_one_patient_are_one_subject()
    {
        Case("HGG", "Brats18_TCIA02_321_1");
        Case("HGG", "Brats18_TCIA02_321_2");
        Assert.Equal("Brats18_TCIA02_321", Assert.Single(_set.Plan().Cases.Select(c => c.Subject).Distinct()));
    }

    [Fact]
    public void Cases_outside_of_the_grades_are_for_the_test_and_what_a_case_lacks_is_told()
    {
        Case("MICCAI_BraTS_2018_Data_Validation", "Brats18_CBICA_AAM_1", mask: false);
        File.Delete(_set["MICCAI_BraTS_2018_Data_Validation/Brats18_CBICA_AAM_1/Brats18_CBICA_AAM_1_t2.nii.gz"]);
        var plan = _set.Plan();
        Assert.All(plan.Cases, c => Assert.Equal(("test", "its case lacks t2"), (c.Split, Assert.Single(c.Warnings))));
    }

    [Theory]
    [InlineData(null, new[] { 1, 2, 4 })]
    [InlineData("brats-whole-tumour", new[] { 1 })]
    [InlineData("brats-enhancing", new[] { 1 })]
    [InlineData("brats", new[] { 1, 2, 3 })]
    [InlineData("4=9", new[] { 1, 2, 9 })]
    public void Labels_stay_or_become_what_is_asked_for(string? map, int[] classes)
    {
        Case("HGG", "Brats18_A_1");
        _set.Prepare(new PrepareSettings { LabelMap = map });
        using var store = PreparedStore.Open(_set.Store);
        Assert.Equal(classes, store.MaskClasses);
        Assert.Equal(4, store.Cases.Count);
        var whole = Samples.ReadMask(store, store.Cases.Single(c => c.HasMask));
        Assert.Equal(map == "brats-enhancing" ? 15 : 45, whole.Count(l => l > 0));
    }

    [Fact]
    public void Another_map_makes_the_masks_anew_and_the_same_one_keeps_them()
    {
        Case("HGG", "Brats18_A_1");
        Assert.Equal(4, _set.Prepare().Written);
        var mapped = new PrepareSettings { LabelMap = "brats-tumour-core" };
        Assert.Equal(1, _set.Prepare(mapped).Written);
        Assert.Equal(0, _set.Prepare(mapped).Written);
    }

    [Fact]
    public void Another_folder_is_refused() =>
        Assert.Contains("has no folder HGG or LGG with cases of _flair, _t1, _t1ce and _t2", _set.Niftis("a.nii.gz").Refusal(), StringComparison.Ordinal);
}
