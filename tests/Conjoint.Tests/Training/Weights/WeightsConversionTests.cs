using System.Security.Cryptography;
using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Runtime.PyTorchFiles;
using Conjoint.Tests.Tasks;
using Conjoint.TestSupport;
using Conjoint.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Training.Weights;

public sealed class WeightsConversionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_export_of_a_full_size_net_has_torchvision_s_names_and_shapes_in_its_order()
    {
        using (var encoder = new SliceEncoder(new SliceEncoderSettings()))
        {
            var card = new WeightsCard { Preset = "paper", Method = "swav", Stage = "slices", Input = InputNormalisation.Plain }.WithNet("slice_encoder", encoder.Settings);
            WeightsFile.Write(_folder["w.safetensors"], encoder.state_dict().Select(t => KeyValuePair.Create("slice_encoder." + t.Key, t.Value)), card);
        }

        WeightsConversion.Convert(_folder["w.safetensors"], WeightsTarget.Torchvision, _folder["w.pth"]);
        // Written by torchvision 0.14.1: its resnet50 without fc.
        var expected = File.ReadLines(Path.Combine(Repository.Folder, "tests/Conjoint.Tests/Training/Weights/torchvision-resnet50.txt"));
        Assert.Equal(expected, PyTorchHeader.Read(_folder["w.pth"]).Entries.Select(e => $"{e.Name} [{string.Join(", ", e.Shape)}]"));
    }

    [Theory]
    [InlineData("tv.pth")]
    [InlineData("tv.pt")]
    [InlineData("tv.safetensors")]
    public void An_export_read_back_gives_the_same_features_bit_for_bit(string name)
    {
        TinyModel.WriteJoint(_folder["joint.safetensors"]);
        var made = WeightsConversion.Convert(_folder["joint.safetensors"], WeightsTarget.Torchvision, _folder[name]);
        Assert.Equal("slice_encoder.", made.Report!.Prefix);
        var slices = randn(2, 1, 32, 32);
        Assert.True(Features(_folder[name], slices).Equals(Features(_folder["joint.safetensors"], slices)));

        using var file = TensorFile.Read(_folder[name]);
        Assert.Equal(made.Tensors, file.Tensors.Count);
        Assert.DoesNotContain(file.Tensors.Keys, n => n.StartsWith("slice_encoder", StringComparison.Ordinal) || n.StartsWith("volume_encoder", StringComparison.Ordinal));
        Assert.Equal(TinyModel.Input, file.Card!.Input);
        Assert.Null(file.Card.Architecture["volume_encoder"]);
    }

    [Fact]
    public void Equal_weights_give_equal_bytes()
    {
        TinyModel.WriteJoint(_folder["joint.safetensors"]);
        foreach (var name in (string[])["a.pth", "b.pth"])
            WeightsConversion.Convert(_folder["joint.safetensors"], WeightsTarget.Torchvision, _folder[name]);
        Assert.Equal(SHA256.HashData(File.ReadAllBytes(_folder["a.pth"])), SHA256.HashData(File.ReadAllBytes(_folder["b.pth"])));
    }

    [Fact]
    public void A_checkpoint_becomes_safetensors_with_all_its_tensors_and_a_card_that_claims_nothing()
    {
        using (var encoder = new SliceEncoder(TinyModel.Encoder))
            PyTorchWriter.Write(_folder["x.pth"], encoder.state_dict().Select(t => KeyValuePair.Create("module." + t.Key, t.Value)).Append(new("module.fc.weight", ones(2, 3))));
        WeightsConversion.Convert(_folder["x.pth"], WeightsTarget.Safetensors, _folder["x.safetensors"]);

        using var before = TensorFile.Read(_folder["x.pth"]);
        using var after = WeightsFile.Read(_folder["x.safetensors"]);
        Assert.Equal(before.Tensors.Keys.Order(StringComparer.Ordinal), after.Tensors.Keys);
        Assert.All(before.Tensors, t => Assert.True(t.Value.Equals(after.Tensors[t.Key]), t.Key));
        Assert.Equal(("custom", "unknown", "NOASSERTION"), (after.Card.Preset, after.Card.Method, after.Card.Licence));
        Assert.Equal(TinyModel.Encoder.Blocks, after.Card.Net<SliceEncoderSettings>("slice_encoder")!.Blocks);
        var slices = randn(1, 1, 32, 32);
        Assert.True(Features(_folder["x.pth"], slices).Equals(Features(_folder["x.safetensors"], slices)));
    }

    [Fact]
    public void A_backbone_with_a_hole_is_not_exported()
    {
        using (var encoder = new SliceEncoder(TinyModel.Encoder))
            PyTorchWriter.Write(_folder["x.pth"], encoder.state_dict().Where(t => t.Key != "bn1.running_mean"));
        Assert.Contains("lacks 'bn1.running_mean'", Refused(WeightsTarget.Torchvision, "x.pth", "y.pth"), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["y.pth"]));
    }

    [Fact]
    public void The_release_s_names_are_for_weights_of_its_preset()
    {
        TinyModel.WriteJoint(_folder["joint.safetensors"]);
        Assert.Contains(
            "these weights are of preset 'tiny'; --to released works for weights of preset 'released' only", Refused(WeightsTarget.Released, "joint.safetensors", "y.pth"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WeightsTarget.Torchvision, "y.npy", ".pth, .pt or .safetensors")]
    [InlineData(WeightsTarget.Safetensors, "y.pth", "ends with .safetensors")]
    public void An_output_of_another_format_is_a_configuration_error(WeightsTarget target, string name, string reason) => Assert.Contains(
        reason, Assert.Throws<ConfigurationException>(() => WeightsConversion.Convert(_folder["x"], target, _folder[name])).Message, StringComparison.Ordinal);

    private string Refused(WeightsTarget target, string from, string to) =>
        Assert.Throws<InputDataException>(() => WeightsConversion.Convert(_folder[from], target, _folder[to])).Message;

    private static Tensor Features(string path, Tensor slices)
    {
        using var file = TensorFile.Read(path);
        using var encoder = new SliceEncoder(ResNetShape.Of(file.Tensors)!);
        NetWeights.Load(encoder, path, file.Tensors, NetWeights.SlicePrefixes);
        encoder.eval();
        using var noGradient = no_grad();
        return encoder.forward(slices);
    }
}
