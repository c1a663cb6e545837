using Conjoint.Data;
using Conjoint.Imaging;

namespace Conjoint.Tests.Data.DataSets;

/// <summary>JSRT with the masks of SCR.</summary>
public sealed class JsrtTests : IDisposable
{
    private static readonly string[] s_structures = ["left lung", "right lung", "heart", "left clavicle", "right clavicle"];

    private readonly Miniature _set = new("JSRT");

    public void Dispose() => _set.Dispose();

    [Fact]
    public void Folds_of_the_masks_are_training_and_test_and_every_structure_has_its_label()
    {
        _set.Empty("Nodule154images/JPCLN001.IMG", "NonNodule93images/JPCNN002.IMG").Empty([.. s_structures.Select(s => $"scratch/fold1/masks/{s}/JPCLN001.gif")])
            .Empty("scratch/fold2/masks/heart/JPCNN002.gif");
        var plan = _set.Plan();
        Assert.Equal([("JPCLN001", "train", "nodule", 0), ("JPCNN002", "test", "no nodule", 1)], plan.Cases.Select(c => (c.Subject, c.Split!, c.Label!, c.Fold!.Value)));
        Assert.Equal([("left lung", 1), ("right lung", 2), ("heart", 3), ("left clavicle", 4), ("right clavicle", 5)],
            Assert.IsType<LayersContent>(plan.Cases[0].Mask).Layers.Select(l => (Path.GetFileName(Path.GetDirectoryName(l.Path)!), l.Label)));
        Assert.Equal("has no mask of left lung, right lung, left clavicle, right clavicle", Assert.Single(plan.Cases[1].Warnings));
        Assert.True(_set.IsRecognised);
    }

    [Fact]
    public void Masks_of_half_the_size_become_sets_of_labels()
    {
        PngFile.Write(Samples.Folder(_set["JPCLN001.png"]), new Image(Samples.Values(8 * 4, 1), 8, 4), 8);
        void Layer(string structure, params int[] pixels) =>
            PngFile.Write(Samples.Folder(_set[$"fold1/masks/{structure}/JPCLN001.png"]), new Image([.. Enumerable.Range(0, 8).Select(i => pixels.Contains(i) ? 255f : 0)], 4, 2), 8);
        Layer("left lung", 0, 1, 4);
        Layer("left clavicle", 1);
        _set.Prepare();
        using var store = PreparedStore.Open(_set.Store);
        Assert.Equal(
            [1, 1, 1 + 8, 1 + 8, 0, 0, 0, 0,
             1, 1, 1 + 8, 1 + 8, 0, 0, 0, 0,
             1, 1, 0, 0, 0, 0, 0, 0,
             1, 1, 0, 0, 0, 0, 0, 0], Samples.ReadMask(store, Assert.Single(store.Cases)).Select(l => (int)l));
        Assert.True(store.Cases[0].HasLayers);
        Assert.Equal([1, 4], store.Cases[0].MaskLabels);
    }

    [Fact]
    public void A_mask_of_another_shape_is_left_out_with_its_reason()
    {
        PngFile.Write(Samples.Folder(_set["JPCLN001.png"]), new Image(Samples.Values(8 * 4, 1), 8, 4), 8);
        Samples.Png(_set["fold1/masks/heart/JPCLN001.png"], 3, 2, 1);
        Samples.Png(_set["JPCLN002.png"], 8, 4, 2);
        var skipped = Assert.Single(_set.Prepare().Skipped);
        Assert.Equal("mask", skipped.Kind);
        Assert.Contains("or a whole number of times smaller", skipped.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_masks_are_told() =>
        Assert.Contains("lacks SCR's folders", Assert.Single(_set.Empty("JPCLN001.IMG").Plan().Warnings), StringComparison.Ordinal);

    [Fact]
    public void Another_folder_is_refused() => Assert.Contains("has no file JPCLN001.IMG", _set.Pngs("a.png").Refusal(), StringComparison.Ordinal);
}
