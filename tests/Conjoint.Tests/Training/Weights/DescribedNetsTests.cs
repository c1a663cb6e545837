using System.Text.Json.Nodes;
using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Tasks.Embeddings;
using Conjoint.TestSupport;
using Conjoint.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Training.Weights;

/// <summary>A card is written by anybody: what it describes is built only where the file has the numbers for it.</summary>
public sealed class DescribedNetsTests : IDisposable
{
    private static readonly SliceEncoderSettings s_narrow = new() { BaseWidth = 2, Blocks = [1, 1, 1, 1] };

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("""{"base_width":1000000}""", "of more than")]
    [InlineData("""{"base_width":2147483647}""", "of more than")]
    [InlineData("""{"base_width":2,"blocks":[2147483647,1,1,1]}""", "of more than")]
    [InlineData("""{"base_width":-4}""", "base_width: received -4")]
    [InlineData("""{"blocks":[1,1]}""", "blocks: received [1, 1]")]
    [InlineData("""{"blocks":null}""", "can't be read")]
    [InlineData("""{"base_width":"abc"}""", "can't be read")]
    [InlineData("[1,2]", "can't be read")]
    public void A_slice_encoder_that_the_file_does_not_hold_is_refused(string settings, string reason)
    {
        Write(JsonNode.Parse(settings)!, null);
        Refused(reason);
        Assert.Contains(reason, Assert.Throws<InputDataException>(() => WeightsConversion.Convert(_folder["w"], WeightsTarget.Torchvision, _folder["w.pth"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"width":1000000}""", "of more than")]
    [InlineData("""{"width":16,"hidden_width":2147483647}""", "of more than")]
    [InlineData("""{"width":16,"heads":2147483647,"head_width":2147483647}""", "of more than")]
    [InlineData("""{"width":16,"position_table":2147483647}""", "of more than")]
    [InlineData("""{"width":16,"layers":2147483647}""", "of more than")]
    [InlineData("""{"attention":"features","sampling":"v0018","position_bias":"mlp","embedding":"deconv","width":16,"heads":1,"head_width":1,"slices":1000000}""", "of more than")]
    [InlineData("""{"width":3}""", "width: received 3")]
    [InlineData("""{"sampling":"nowhere"}""", "can't be read")]
    public void A_volume_encoder_that_the_file_does_not_hold_is_refused(string settings, string reason)
    {
        Write(null, JsonNode.Parse(settings));
        Refused(reason);
    }

    [Fact]
    public void A_checkpoint_without_a_card_does_not_ask_for_more_either()
    {
        // Each tensor is small; a net as wide as the one and as deep as the other is not.
        using var encoder = new SliceEncoder(s_narrow);
        const string layer = "inter.encoder.layers.0.";
        Safetensors.Write(_folder["w"],
        [
            .. encoder.state_dict().Select(t => KeyValuePair.Create("intra." + t.Key, t.Value)),
            new("intra.deconv.weight", zeros(1, 200_000, 1)), new(layer + "attention.to_out.weight", zeros(4, 8, 1)),
            new(layer + "attention.to_offsets.0.weight", zeros(8, 1, 6)), new(layer + "ffn.linear1.weight", zeros(200_000, 1)),
        ]);
        Refused("of more than 80036800033 numbers");
    }

    [Fact]
    public void Counted_numbers_are_most_of_the_nets_of_every_preset()
    {
        foreach (var name in Presets.Names)
        {
            var settings = Presets.Resolve(name);
            var nets = NetSizes.Of(settings);
            Assert.InRange((double)settings.SliceEncoder.KernelNumbers / nets[0].Parameters, 0.4, 1);
            Assert.InRange((double)settings.VolumeEncoder.MatrixNumbers(settings.SliceEncoder.FeatureWidth) / nets[1].Parameters, 0.4, 1);
        }
    }

    private void Refused(string reason) =>
        Assert.Contains(reason, Assert.Throws<InputDataException>(() => Embedder.Open(_folder["w"], "cpu")).Message, StringComparison.Ordinal);

    /// <summary>A file with a narrow net in it, and a card that says something else of one of the two.</summary>
    private void Write(JsonNode? slices, JsonNode? volumes)
    {
        var card = new WeightsCard { Preset = "custom", Method = "swav", Stage = "volumes", Input = InputNormalisation.Plain }.WithNet(DescribedNets.SliceEncoder, s_narrow);
        if (slices is not null)
            card.Architecture[DescribedNets.SliceEncoder] = slices;
        if (volumes is not null)
            card.Architecture[DescribedNets.VolumeEncoder] = volumes;
        using var encoder = new SliceEncoder(s_narrow);
        WeightsFile.Write(_folder["w"], encoder.state_dict().Select(t => KeyValuePair.Create("slice_encoder." + t.Key, t.Value)).Append(new("volume_encoder.embedding.weight", zeros(2, 2))), card);
    }
}
