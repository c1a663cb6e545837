using Conjoint.Data;
using Conjoint.Runtime;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Data.DataSets;

/// <summary>The registry of data sets, splits of one's own, and label maps.</summary>
public sealed class DataSetsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_name_is_found_in_any_case_and_stands_on_the_page()
    {
        var page = Documentation.Read("docs/datasets.md");
        foreach (var name in Conjoint.Data.DataSets.Names)
        {
            Assert.Same(Conjoint.Data.DataSets.Find(name), Conjoint.Data.DataSets.Find(name.ToUpperInvariant()));
            Assert.Contains($"`{name}`", page, StringComparison.Ordinal);
            Assert.Contains($"--dataset {name.ToLowerInvariant()}", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_name_of_a_label_map_is_a_map_and_stands_on_the_page()
    {
        var page = Documentation.Read("docs/datasets.md");
        foreach (var (name, map) in LabelMap.Named)
        {
            Assert.Equal(map, LabelMap.Parse(name).ToString());
            Assert.Contains($"`{name}`", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_plain_name_stays_one_and_a_near_one_is_doubted()
    {
        Samples.Nifti(_folder["set/a.nii.gz"], Samples.Volume(4, 5, 3, 1));
        Assert.Equal(["my-heart"], Samples.Prepare(_folder["store"], new PrepareSettings { Dataset = "my-heart" }, _folder["set"]).Datasets.Keys);
        var summary = Samples.Prepare(_folder["store"], new PrepareSettings { Dataset = "Lunna16" }, _folder["set"]);
        Assert.Equal(["Lunna16"], summary.Datasets.Keys);
        Assert.Contains(summary.Warnings, w => w.StartsWith("--dataset Lunna16 is taken as a plain name; did you mean LUNA16?", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_looks_like_a_known_set_is_pointed_out()
    {
        Samples.Nifti(_folder["set/volume-0.nii"], Samples.Volume(4, 5, 3, 1));
        Samples.Nifti(_folder["set/segmentation-0.nii"], Samples.Volume(4, 5, 3, 2));
        Assert.Contains(Samples.Prepare(_folder["store"], null, _folder["set"]).Warnings, w => w.Contains("looks like LiTS: --dataset LiTS reads it", StringComparison.Ordinal));
    }

    [Fact]
    public void Splits_of_ones_own_go_over_the_owners_and_leave_out_who_is_not_listed()
    {
        using var set = new Miniature("RibFrac");
        set.Niftis("RibFrac1-image.nii.gz", "RibFrac2-image.nii.gz", "RibFrac421-image.nii.gz").Text("splits.csv", "subject,split\nRibFrac1,test\nRibFrac421,train\nRibFrac9,train\n");
        var plan = set.Plan();
        Assert.Equal([("RibFrac1", "test"), ("RibFrac421", "train")], plan.Cases.Select(c => (c.Subject, c.Split!)));
        Assert.Equal("its subject RibFrac2 is not in splits.csv", Assert.Single(plan.Skipped).Reason);
        Assert.Contains(plan.Warnings, w => w.EndsWith("names 1 subjects that are not there.", StringComparison.Ordinal));
        set.Text("splits.csv", "subject,split\nRibFrac1,some\n");
        Assert.Contains("the split of RibFrac1 is 'some'", set.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("205=1,420=2", new[] { 0, 205, 420, 7 }, new[] { 0, 1, 2, 7 })]
    [InlineData(" 4 = 1 , *=0", new[] { 0, 4, 2 }, new[] { 0, 1, 0 })]
    [InlineData("any", new[] { 0, 4, 9 }, new[] { 0, 1, 1 })]
    [InlineData("4=0", new[] { 4, 5 }, new[] { 0, 5 })]
    public void A_map_says_what_each_label_becomes(string text, int[] before, int[] after)
    {
        var map = LabelMap.Parse(text);
        ushort[] labels = [.. before.Select(l => (ushort)l)];
        Assert.Equal(after.Where(l => l > 0).Distinct().Order(), map.Apply(labels, [.. before.Where(l => l > 0)]));
        Assert.Equal(after, labels.Select(l => (int)l));
        Assert.Equal(after, before.Select(l => map[l]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("205")]
    [InlineData("205=1=2")]
    [InlineData("0=1")]
    [InlineData("a=1")]
    [InlineData("1=70000")]
    [InlineData("*=1,*=2")]
    [InlineData("1=2,1=3")]
    [InlineData("mmwhs-hart")]
    public void A_text_that_is_no_map_is_refused_before_anything_is_read(string text)
    {
        Assert.Throws<ConfigurationException>(() => LabelMap.Parse(text));
        Assert.Throws<ConfigurationException>(() => new Preparer(new PrepareSettings { LabelMap = text }));
    }
}
