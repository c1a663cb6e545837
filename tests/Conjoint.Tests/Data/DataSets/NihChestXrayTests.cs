using Conjoint.Data;

namespace Conjoint.Tests.Data.DataSets;

/// <summary>NIH ChestX-ray8: patients, the owners' lists, boxes.</summary>
public sealed class NihChestXrayTests : IDisposable
{
    private readonly Miniature _set = new("NIH-ChestXray8");

    public void Dispose() => _set.Dispose();

    private Miniature Whole() => _set
        .Pngs("images_001/images/00000001_000.png", "images_001/images/00000001_001.png", "images_002/images/00000003_000.png", "images_002/images/00000004_000.png")
        .Text("Data_Entry_2017_v2020.csv", "Image Index,Finding Labels,Follow-up #,Patient ID\n00000001_000.png,Cardiomegaly,0,1\n00000001_001.png,Cardiomegaly|Emphysema,1,1\n00000003_000.png,No Finding,0,3\n")
        .Text("BBox_List_2017.csv", "Image Index,Finding Label,Bbox [x,y,w,h],,,\n00000001_000.png,Cardiomegaly,1.5,1,2.5,2,,,\n00000001_000.png,Mass,0,0,1,1,,,\n")
        .Text("train_val_list.txt", "00000001_000.png\n00000001_001.png\n").Text("test_list.txt", "00000003_000.png\n");

    [Fact]
    public void Patients_lists_findings_and_boxes_come_together()
    {
        var plan = Whole().Plan();
        Assert.Equal([("00000001", "train", "Finding"), ("00000001", "train", "Finding"), ("00000003", "test", "No Finding")], plan.Cases.Select(c => (c.Subject, c.Split!, c.Label!)));
        Assert.Equal([new Box(1.5, 1, 4, 3, "Cardiomegaly"), new Box(0, 0, 1, 1, "Mass")], plan.Cases[0].Boxes!.Boxes);
        Assert.Null(plan.Cases[1].Boxes);
        Assert.Contains("is in neither train_val_list.txt nor test_list.txt", Assert.Single(plan.Skipped).Reason, StringComparison.Ordinal);
        Assert.Empty(plan.Warnings);
        Assert.True(_set.IsRecognised);
    }

    [Fact]
    public void It_goes_into_a_store()
    {
        var summary = Whole().Prepare();
        using var store = PreparedStore.Open(_set.Store);
        Assert.Equal((3, 3, 2), (summary.Cases, summary.Images, Assert.Single(summary.Expected).Train));
        Assert.Equal(["Cardiomegaly", "Mass"], store.BoxClasses);
        Assert.Equal(["Finding", "No Finding"], store.ClassNames);
        Assert.Equal([true, false, false], store.Cases.Select(c => c.HasBoxes));
    }

    [Fact]
    public void Missing_lists_are_told_and_the_split_is_left_open()
    {
        var plan = _set.Pngs("00000001_000.png", "chest.png").Plan();
        Assert.Null(Assert.Single(plan.Cases).Split);
        Assert.Equal("set/chest.png", Assert.Single(plan.Skipped).Path);
        Assert.Equal(["train_val_list.txt", "BBox_List_2017.csv", "Data_Entry_2017.csv"], plan.Warnings.Select(w => w.Split(' ')[2].TrimEnd(':')));
    }

    [Theory]
    [InlineData("train_val_list.txt", "../00000001_000.png", "expected names of images without folders")]
    [InlineData("BBox_List_2017.csv", "Image Index\n00000001_000.png,Mass,1,1,0,2", "line 2 is no image, finding, x, y, width and height")]
    public void Lists_with_something_else_are_refused(string list, string text, string reason)
    {
        Whole().Text(list, text);
        Assert.Contains(reason, _set.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_folder_is_refused() => Assert.Contains("has no image 00000001_000.png", _set.Text("readme.txt", "x").Refusal(), StringComparison.Ordinal);
}
