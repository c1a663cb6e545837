using Conjoint.Data;

namespace Conjoint.Tests.Data.DataSets;

/// <summary>Images with boxes in COCO's format.</summary>
public sealed class CocoTests : IDisposable
{
    private const string Categories = """[{"id":7,"name":"lung"},{"id":3,"name":"heart"}]""";

    private readonly Miniature _set = new("COCO");

    public void Dispose() => _set.Dispose();

    private static string Json(string images, string annotations) => $$"""{"info":{"year":2026},"images":{{images}},"annotations":{{annotations}},"categories":{{Categories}}}""";

    private Miniature Whole() => _set
        .Pngs("train2017/a.png", "train2017/b.png", "val2017/a.png", "export/valid/c.png")
        .Text("annotations/instances_train2017.json", Json(
            """[{"id":1,"file_name":"a.png","width":6,"height":4,"subject":"p1"},{"id":2,"file_name":"b.png","width":6,"height":4}]""",
            """[{"id":1,"image_id":1,"category_id":7,"bbox":[1.5,1,2.5,2],"iscrowd":0,"segmentation":[[1,2,3]]},{"id":2,"image_id":1,"category_id":3,"bbox":[0,0,1,1]},{"id":3,"image_id":1,"category_id":3,"bbox":[0,0,6,4],"iscrowd":1}]"""))
        .Text("annotations/captions_train2017.json", """{"images":[],"annotations":[]}""")
        .Text("export/valid/_annotations.coco.json", Json("""[{"id":1,"file_name":"c.png"},{"id":2,"file_name":"val2017/a.png"}]""", "[]"));

    [Fact]
    public void Boxes_come_to_their_images_and_splits_from_names()
    {
        var plan = Whole().Plan();
        Assert.Empty(plan.Skipped);
        Assert.Equal(
            [("train2017/a.png", "p1", "train", 2), ("train2017/b.png", "b", "train", 0), ("export/valid/c.png", "c", "val", 0), ("val2017/a.png", "a", "val", 0)],
            plan.Cases.Select(c => (Miniature.Of(c), c.Subject, c.Split!, c.Boxes!.Boxes.Count)));
        Assert.Equal([new Box(1.5, 1, 4, 3, "lung"), new Box(0, 0, 1, 1, "heart")], plan.Cases[0].Boxes!.Boxes);
        Assert.Equal("set/annotations/instances_train2017.json: 1 crowds (iscrowd) are left out, since they are no single boxes.", Assert.Single(plan.Warnings));
        Assert.True(_set.IsRecognised);
    }

    [Fact]
    public void It_goes_into_a_store()
    {
        var summary = Whole().Prepare();
        using var store = PreparedStore.Open(_set.Store);
        Assert.Equal((4, 4), (summary.Cases, summary.Images));
        Assert.Equal(["heart", "lung"], store.BoxClasses);
        Assert.All(store.Cases, c => Assert.True(c.HasBoxes));
        Assert.Equal([new Box(1.5, 1, 4, 3, "lung"), new Box(0, 0, 1, 1, "heart")], store.Cases.Single(c => c.Subject == "p1").Boxes);
    }

    [Theory]
    [InlineData("""[{"image_id":1,"category_id":7,"bbox":[1,1,0,2]}]""", "annotations[0]: its bbox is [1, 1, 0, 2]; expected [x, y, width, height]")]
    [InlineData("""[{"image_id":1,"category_id":7,"bbox":[1,1,2,2]},{"image_id":1,"category_id":7,"bbox":[1,1,2]}]""", "annotations[1]: its bbox is [1, 1, 2]; expected")]
    [InlineData("""[{"image_id":1,"category_id":7,"bbox":[1e999,1,2,2]}]""", "annotations[0]: its bbox is [Infinity, 1, 2, 2]; expected")]
    [InlineData("""[{"image_id":1,"category_id":7}]""", "annotations[0]: its bbox is []; expected")]
    [InlineData("""[{"image_id":9,"category_id":7,"bbox":[1,1,2,2]}]""", "annotations[0]: its image_id 9 is that of no image")]
    [InlineData("""[{"image_id":1,"category_id":1,"bbox":[1,1,2,2]}]""", "annotations[0]: its category_id 1 is that of no category")]
    [InlineData("[null]", "annotations[0]: is null; expected an object")]
    public void A_bad_box_is_told_with_file_and_row(string annotations, string reason)
    {
        var plan = _set.Pngs("a.png").Text("boxes.json", Json("""[{"id":1,"file_name":"a.png"}]""", annotations)).Plan();
        var skipped = Assert.Single(plan.Skipped);
        Assert.Equal("set/boxes.json", skipped.Path);
        Assert.StartsWith(reason, skipped.Reason, StringComparison.Ordinal);
        Assert.Single(plan.Cases);
    }

    [Theory]
    [InlineData("../a.png", "leads out of the table's folder")]
    [InlineData("/etc/a.png", "is an absolute path")]
    [InlineData("gone.png", "is listed, but there is no such file")]
    [InlineData("twin.png", "is there in several folders")]
    [InlineData("a.png", "is named twice")]
    public void A_bad_image_is_told_with_file_and_row(string name, string reason)
    {
        _set.Pngs("a.png", "x/twin.png", "y/twin.png").Text("boxes.json", Json($$"""[{"id":1,"file_name":"a.png"},{"id":2,"file_name":"{{name}}"}]""", "[]"));
        var plan = _set.Plan();
        Assert.StartsWith("set/boxes.json images[1]: ", Assert.Single(plan.Skipped).Reason, StringComparison.Ordinal);
        Assert.Contains(reason, plan.Skipped[0].Reason, StringComparison.Ordinal);
        Assert.Single(plan.Cases);
    }

    [Theory]
    [InlineData("{", "is not in COCO's object detection format")]
    [InlineData("""{"images":[{"id":"x"}],"annotations":[],"categories":[]}""", "$.images[0].id")]
    [InlineData("""{"images":[],"annotations":[]}""", "has no images, annotations and categories")]
    [InlineData("""{"images":[{"id":1},{"id":1}],"annotations":[],"categories":[]}""", "has 2 images with the id 1")]
    [InlineData("""{"images":[],"annotations":[],"categories":[{"id":1,"name":"a"},{"id":1,"name":"b"}]}""", "has a category 1 that has no name or is there twice")]
    public void Another_file_is_refused(string text, string reason) => Assert.Contains(reason, _set.Text("instances_x.json", text).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void Another_folder_is_refused() => Assert.Contains("has no annotation file such as instances_train.json", _set.Text("readme.txt", "x").Refusal(), StringComparison.Ordinal);
}
