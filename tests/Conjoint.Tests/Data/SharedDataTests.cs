using Conjoint.Data;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Data;

/// <summary>Real scans, where CONJOINT_DATA_DIR names a folder that holds them.</summary>
public sealed class SharedDataTests(ITestOutputHelper output)
{
    private static readonly string? s_data = Environment.GetEnvironmentVariable("CONJOINT_DATA_DIR");

    // folder, volumes, images, masks, train, val, test (-1: drawn), labelled, boxes
    [Theory]
    [InlineData("pretrain2d", 0, 167, 0, 137, 30, 0, 0, 0)]
    [InlineData("stacks", 2, 0, 0, -1, -1, -1, 0, 0)]
    [InlineData("volumes", 4, 0, 0, -1, -1, -1, 0, 0)]
    [InlineData("formats/dicom_series", 2, 0, 0, -1, -1, -1, 0, 0)]
    [InlineData("seg3d/hippocampus", 52, 0, 52, 35, 9, 8, 0, 0)]
    [InlineData("seg3d/brats2013_2mm", 3, 0, 3, 2, 1, 0, 0, 0)]
    [InlineData("cls3d/brain_cubes", 48, 0, 0, 32, 16, 0, 48, 0)]
    [InlineData("cls3d/adrenalmnist3d_64_dev.npz", 698, 0, 0, 600, 98, 0, 698, 0)]
    [InlineData("seg2d/cxr_lung", 0, 80, 80, 48, 12, 20, 80, 0)]
    [InlineData("seg2d/jsrt", 0, 40, 40, 24, 8, 8, 40, 0)]
    [InlineData("det2d/lung_boxes", 0, 65, 0, -1, -1, -1, 0, 130)]
    [InlineData("det2d/mass_boxes", 0, 28, 0, -1, -1, -1, 0, 180)]
    public void Every_folder_becomes_what_its_readme_says(
        string folder, int volumes, int images, int masks, int train, int validation, int test, int labelled, int boxes)
    {
        Assert.SkipWhen(s_data is null, "CONJOINT_DATA_DIR names no folder of real scans.");
        using var temporary = new TemporaryFolder();
        var summary = new Preparer(new PrepareSettings()).Run([Path.Combine(s_data, folder)], temporary["store"], cancellation: TestContext.Current.CancellationToken);
        foreach (var line in summary.Warnings.Take(8).Concat(summary.Skipped.Take(8).Select(s => s.ToString())))
            output.WriteLine(line);

        using var store = PreparedStore.Open(temporary["store"]);
        output.WriteLine($"{summary.Cases} cases, {summary.Bytes >> 10} KiB, classes {string.Join(",", store.ClassNames)} masks {string.Join(",", store.MaskClasses)} boxes {string.Join(",", store.BoxClasses)} datasets {string.Join(",", summary.Datasets)} splits {string.Join(",", summary.Splits)}");
        Assert.Empty(summary.Skipped);
        Assert.Equal((volumes, images, masks), (summary.Volumes, summary.Images, summary.WithMask));
        if (train >= 0)
            Assert.Equal((train, validation, test), (summary.Splits["train"], summary.Splits["val"], summary.Splits["test"]));
        Assert.Equal(labelled, store.Cases.Count(c => c.Label is not null));
        Assert.Equal(boxes, store.Cases.Sum(c => c.Boxes.Count));
        foreach (var subject in store.Cases.GroupBy(c => (c.Dataset, c.Subject)))
            Assert.Single(subject.Select(c => c.Split).Distinct());
        foreach (var c in store.Cases)
        {
            var values = new float[c.Slices * c.Height * c.Width];
            store.ReadSlices(c, 0, c.Slices, values);
            Assert.InRange(values.Min(), 0, 0.05f);
            Assert.InRange(values.Max(), 0.5f, 1);
        }

        var again = new Preparer(new PrepareSettings()).Run([Path.Combine(s_data, folder)], temporary["store"], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((0, summary.Cases), (again.Written, again.Kept));
    }
}
