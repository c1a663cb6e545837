using Conjoint.Data;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Segmentation;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Tasks;

/// <summary>Labels of different data sets mean different things, and are never mixed.</summary>
public sealed class SegmentationCasesTests : IDisposable
{
    private static readonly LabelBudget s_all = LabelBudget.Parse("all");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_only_data_set_with_masks_need_not_be_named()
    {
        using var store = SyntheticStore.Write(_folder["store"], [
            new("a", "a", Split.Train), new("b", "b", Split.Test),
            new("c", "c", Split.Train, HasMask: false, Dataset: "films"),
        ]);
        var cases = SegmentationCases.Select(store, s_all, 1);
        Assert.Equal(["a"], cases.Train.Select(c => c.Id));
        Assert.Equal(["b"], cases.Test.Select(c => c.Id));
        Assert.Equal([2, 5], cases.Map.Labels);
    }

    [Fact]
    public void Of_several_one_has_to_be_named()
    {
        using var store = SyntheticStore.Write(_folder["store"], [
            new("a", "a", Split.Train), new("b", "b", Split.Train, Dataset: "liver"), new("v", "v", Split.Validation), new("t", "t", Split.Test, Dataset: "liver"),
        ]);
        var open = Assert.Throws<ConfigurationException>(() => SegmentationCases.Select(store, s_all, 1));
        Assert.Contains("--dataset: discs, liver", open.Message, StringComparison.Ordinal);
        var unknown = Assert.Throws<ConfigurationException>(() => SegmentationCases.Select(store, s_all, 1, "lever"));
        Assert.Contains("received 'lever'", unknown.Message, StringComparison.Ordinal);

        var liver = SegmentationCases.Select(store, s_all, 1, "liver");
        Assert.Equal("b||t", Ids(liver));
        var discs = SegmentationCases.Select(store, s_all, 1, "discs");
        Assert.Equal("a|v|", Ids(discs));
    }

    [Fact]
    public void Evaluation_asks_for_it_too()
    {
        using var store = SyntheticStore.Write(_folder["store"], [new("a", "a", Split.Test), new("b", "b", Split.Test, Dataset: "liver")]);
        TinyModel.WriteSegmenter(_folder["model.safetensors"], 2, 5);
        Assert.Throws<ConfigurationException>(() => SegmentationEvaluation.Run(
            _folder["model.safetensors"], store, device: "cpu", cancellation: TestContext.Current.CancellationToken));
        var result = SegmentationEvaluation.Run(
            _folder["model.safetensors"], store, device: "cpu", surfaceDistances: false, dataset: "liver", cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["b"], result.Cases.Select(c => c.Case));
    }

    private static string Ids(SegmentationCases cases) =>
        string.Join('|', new[] { cases.Train, cases.Validation, cases.Test }.Select(split => string.Join(',', split.Select(c => c.Id))));
}
