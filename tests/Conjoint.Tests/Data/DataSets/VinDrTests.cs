using Conjoint.Data;

namespace Conjoint.Tests.Data.DataSets;

/// <summary>VinDr-CXR: several readers an image, merged for training and as shipped for the test.</summary>
public sealed class VinDrTests : IDisposable
{
    private readonly Miniature _set = new("VinDr-CXR");

    public void Dispose() => _set.Dispose();

    private Miniature Whole() => _set.Pngs("train/aa.png", "train/bb.png", "train/cc.png", "test/dd.png", "test/ee.png")
        .Text("annotations/annotations_train.csv", "image_id,rad_id,class_name,x_min,y_min,x_max,y_max\n" +
            "aa,R1,Nodule/Mass,0,0,2,2\naa,R2,Nodule/Mass,0,0,2,3\naa,R3,Cardiomegaly,1,1,5,3\naa,R1,Nodule/Mass,4,2,6,4\n" +
            "bb,R1,No finding,,,,\nbb,R2,No finding,,,,\nbb,R3,No finding,,,,\n")
        .Text("annotations/annotations_test.csv", "image_id,class_name,x_min,y_min,x_max,y_max\ndd,Nodule/Mass,0,0,2,2\ndd,Nodule/Mass,0,0,2,3\nee,No finding,,,,\n");

    [Fact]
    public void Training_boxes_are_merged_over_readers_and_test_boxes_stay()
    {
        var plan = Whole().Plan();
        Assert.Equal([("dd", "test"), ("ee", "test"), ("aa", "train"), ("bb", "train")], plan.Cases.Select(c => (c.Subject, c.Split!)).OrderBy(c => c.Item2, StringComparer.Ordinal).ThenBy(c => c.Item1, StringComparer.Ordinal));
        IReadOnlyList<Box> Of(string id) => plan.Cases.Single(c => c.Subject == id).Boxes!.Boxes;
        Assert.Equal([new Box(0, 0, 2, 2.5, "Nodule/Mass"), new Box(1, 1, 5, 3, "Cardiomegaly"), new Box(4, 2, 6, 4, "Nodule/Mass")], Of("aa"));
        Assert.Empty(Of("bb"));
        Assert.Equal([new Box(0, 0, 2, 2, "Nodule/Mass"), new Box(0, 0, 2, 3, "Nodule/Mass")], Of("dd"));
        Assert.Equal(("No finding", "Finding"), (plan.Cases.Single(c => c.Subject == "ee").Label, plan.Cases.Single(c => c.Subject == "aa").Label));
        Assert.Equal("set/train/cc.png", Assert.Single(plan.Skipped).Path);
        Assert.True(_set.IsRecognised);
    }

    [Fact]
    public void It_goes_into_a_store_where_an_image_without_findings_counts_as_looked_at()
    {
        Whole().Prepare();
        using var store = PreparedStore.Open(_set.Store);
        Assert.All(store.Cases, c => Assert.True(c.HasBoxes));
        Assert.Equal(["Cardiomegaly", "Nodule/Mass"], store.BoxClasses);
    }

    [Fact]
    public void Missing_annotations_are_told()
    {
        var plan = _set.Empty("train/aa.dicom").Plan();
        Assert.Null(Assert.Single(plan.Cases).Boxes);
        Assert.Contains("lacks annotations/annotations_train.csv", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aa,R1,Nodule/Mass,0,0,x,2", "x_max is 'x'; expected a number")]
    [InlineData("aa,R1,Nodule/Mass,3,0,2,2", "its box has no area")]
    [InlineData("aa,R1,,3,0,2,2", "has no class_name")]
    public void A_line_that_is_no_box_is_named(string line, string reason)
    {
        Whole().Text("annotations/annotations_train.csv", "image_id,rad_id,class_name,x_min,y_min,x_max,y_max\n" + line);
        Assert.Contains(reason, _set.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_folder_is_refused() => Assert.Contains("has no folder train/ or test/", _set.Pngs("a.png").Refusal(), StringComparison.Ordinal);
}
