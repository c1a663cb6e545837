using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Tests.Golden;
using Conjoint.Training;
using TorchSharp;

namespace Conjoint.Tests.Runtime;

/// <summary>The release's own lists of names and shapes against nets of the preset <c>released</c>.</summary>
public class ReleasedNamesTests
{
    [Fact]
    public void Stage_volumes_has_the_release_s_names_shapes_and_order()
    {
        var settings = Presets.Resolve("released");
        using var slices = new SliceEncoder(settings.SliceEncoder);
        using var volumes = new VolumeEncoder(settings.VolumeEncoder, slices.FeatureWidth);
        using var prototypes = new Prototypes(settings.Volumes.Prototypes.Counts, settings.VolumeEncoder.Width);
        var ours = Entries("slice_encoder.", slices).Concat(Entries("volume_encoder.", volumes)).Concat(Entries("prototypes.", prototypes)).ToList();
        Assert.Equal(List("volumes"), ours.Select(t => (ReleasedNames.ToReleased(t.Name, "volumes", parallel: false)!, t.Shape)));
        AssertBack(ours.Select(t => t.Name), "volumes");

        Assert.Equal(23_508_032, Count(slices));
        Assert.Equal(31_162_884, Count(slices) + Count(volumes));
    }

    [Fact]
    public void Stage_masked_has_the_release_s_names_shapes_and_order()
    {
        var settings = Presets.Resolve("released");
        using var model = new MaskedModel(new VolumeEncoder(settings.VolumeEncoder, settings.SliceEncoder.FeatureWidth), settings.Masked.Target);
        // As a weights file has them: the encoder beside the rest.
        var ours = Entries("", model).Select(t => (Name: t.Name.StartsWith("encoder.", StringComparison.Ordinal) ? "volume_" + t.Name : t.Name, t.Shape)).ToList();
        var kept = ours.Where(t => ReleasedNames.ToReleased(t.Name, "masked") is not null).ToList();
        Assert.Equal(List("masked"), kept.Select(t => (ReleasedNames.ToReleased(t.Name, "masked", parallel: false)!, t.Shape)));
        AssertBack(kept.Select(t => t.Name), "masked");

        // The release does not save its projection in stage 2.
        Assert.Equal(["volume_encoder.embedding.bias", "volume_encoder.embedding.weight"], ours.Except(kept).Select(t => t.Name).Order());
    }

    [Theory]
    [InlineData("volumes", "its joint model, stage 3")]
    [InlineData("masked", "its masked model, stage 2")]
    public void A_checkpoint_of_the_release_is_told_by_its_names(string stage, string part)
    {
        var names = List(stage).Select(t => t.Name).ToList();
        Assert.Contains(part, WeightsOrigin.Of(names), StringComparison.Ordinal);
        Assert.Contains(part, WeightsOrigin.Of(names.Select(name => "module." + name)), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_checkpoints_are_told_by_their_names_or_not_at_all()
    {
        string[] net = ["conv1.weight", "layer4.2.conv3.weight"];
        Assert.Equal("names of torchvision's ResNet", WeightsOrigin.Of(net));
        Assert.Contains("MoCo", WeightsOrigin.Of(net.Select(n => "module.encoder_q." + n)), StringComparison.Ordinal);
        Assert.Contains("VISSL", WeightsOrigin.Of(net.Select(n => "trunk._feature_blocks." + n)), StringComparison.Ordinal);
        Assert.Contains("SwAV", WeightsOrigin.Of([.. net.Select(n => "module." + n), "module.prototypes.weight"]), StringComparison.Ordinal);
        Assert.Null(WeightsOrigin.Of(["blocks.0.attn.qkv.weight"]));
    }

    [Fact]
    public void Stage_slices_is_a_bare_backbone()
    {
        Assert.Equal("layer1.0.bn1.running_mean", ReleasedNames.ToReleased("slice_encoder.layer1.0.bn1.running_mean", "slices"));
        Assert.Null(ReleasedNames.ToReleased("head.0.weight", "slices"));
        Assert.Null(ReleasedNames.ToReleased("prototypes.prototypes0.weight", "slices"));
        Assert.Equal("slice_encoder.conv1.weight", ReleasedNames.FromReleased("conv1.weight"));
        Assert.Equal("slice_encoder.layer4.2.conv3.weight", ReleasedNames.FromReleased("layer4.2.conv3.weight"));
    }

    [Theory]
    [InlineData("module.intra.deconv.weight", "volume_encoder.embedding.weight")]
    [InlineData("intra.layer3.5.bn2.num_batches_tracked", "slice_encoder.layer3.5.bn2.num_batches_tracked")]
    [InlineData("module.inter.encoder.layers.3.attention.rel_pos_bias.mlp.2.bias", "volume_encoder.layers.3.attention.rel_pos_bias.mlp.2.bias")]
    [InlineData("module.prototypes.prototypes2.weight", "prototypes.prototypes2.weight")]
    [InlineData("module.encoder.encoder.layers.0.norm1.weight", "volume_encoder.layers.0.norm1.weight")]
    [InlineData("module.mask_token", "mask_token")]
    [InlineData("fc.weight", null)]
    [InlineData("encoder.conv1.weight", null)]
    public void Names_are_read_with_and_without_the_parallel_prefix(string released, string? ours) => Assert.Equal(ours, ReleasedNames.FromReleased(released));

    [Fact]
    public void An_unknown_stage_is_refused() => Assert.Throws<ArgumentException>(() => ReleasedNames.ToReleased("mask_token", "finetune"));

    private static void AssertBack(IEnumerable<string> names, string stage)
    {
        foreach (var name in names)
        {
            var released = ReleasedNames.ToReleased(name, stage)!;
            Assert.StartsWith(ReleasedNames.ParallelPrefix, released, StringComparison.Ordinal);
            Assert.Equal(name, ReleasedNames.FromReleased(released));
        }
    }

    private static IEnumerable<(string Name, string Shape)> Entries(string prefix, torch.nn.Module module)
    {
        var state = module.state_dict();
        return ModuleValues.PyTorchOrder(module).Select(name => (prefix + name, $"[{string.Join(", ", state[name].shape)}]"));
    }

    private static long Count(torch.nn.Module net) => net.parameters().Sum(p => p.numel());

    private static IEnumerable<(string Name, string Shape)> List(string stage) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Runtime", "released_names.txt"))
            .SkipWhile(line => line != "# " + stage).Skip(1).TakeWhile(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t')).Select(parts => (parts[0], parts[1]));
}
