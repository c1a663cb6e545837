using Conjoint.Data;

namespace Conjoint.Tests.Data.DataSets;

/// <summary>RibFrac: numbered fractures with a list of their types.</summary>
public sealed class RibFracTests : IDisposable
{
    private readonly Miniature _set = new("RibFrac");

    public void Dispose() => _set.Dispose();

    [Fact]
    public void Numbers_tell_the_owners_split()
    {
        _set.Niftis("Part1/RibFrac1-image.nii.gz", "Part2/RibFrac420-image.nii.gz", "ribfrac-val-images/RibFrac421-image.nii.gz", "ribfrac-test-images/RibFrac501-image.nii.gz")
            .Mask("ribfrac-train-labels-1/RibFrac1-label.nii.gz", 0, 1);
        var plan = _set.Plan();
        Assert.Equal([("RibFrac1", "train"), ("RibFrac420", "train"), ("RibFrac501", "test"), ("RibFrac421", "val")], plan.Cases.Select(c => (c.Subject, c.Split!)));
        Assert.Equal(["RibFrac1-label.nii.gz", null, null, null], plan.Cases.Select(Miniature.MaskOf));
        Assert.Equal([0, 1, 0, 1], plan.Cases.Select(c => c.Warnings.Count));
        Assert.True(_set.IsRecognised);
    }

    [Fact]
    public void Masks_hold_types_and_not_the_numbers_of_fractures()
    {
        _set.Niftis("RibFrac1-image.nii.gz").Mask("RibFrac1-label.nii.gz", 0, 1, 2, 3, 4)
            .Text("ribfrac-train-info-1.csv", "public_id,label_id,label_code\nRibFrac1,0,0\nRibFrac1,1,4\nRibFrac1,2,-1\nRibFrac1,3,1\n");
        _set.Prepare();
        using var store = PreparedStore.Open(_set.Store);
        // 1 → segmental, 2 → no stated type, 3 → displaced; 4 is not in the list.
        Assert.Equal([12, 12, 12, 24], new[] { 0, 1, 4, 5 }.Select(label => Samples.ReadMask(store, store.Cases[0]).Count(l => l == label)));
        Assert.Equal([1, 4, 5], store.MaskClasses);
    }

    [Fact]
    public void Without_the_list_a_fracture_is_a_fracture()
    {
        var summary = _set.Niftis("RibFrac1-image.nii.gz").Mask("RibFrac1-label.nii.gz", 0, 1, 2, 3).Prepare();
        using var store = PreparedStore.Open(_set.Store);
        Assert.Equal([1], store.MaskClasses);
        Assert.Contains(summary.Warnings, w => w.Contains("every fracture becomes label 1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_that_says_something_else_is_refused()
    {
        _set.Niftis("RibFrac1-image.nii.gz").Text("ribfrac-train-info-1.csv", "public_id,label_id,label_code\nRibFrac1,1,7\n");
        Assert.Contains("line 2 is no public_id, label_id, label_code", _set.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_folder_is_refused() => Assert.Contains("has no file RibFrac1-image.nii.gz", _set.Niftis("a.nii.gz").Refusal(), StringComparison.Ordinal);
}
