using System.Text.Json;
using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Runtime.PyTorchFiles;
using Conjoint.Tasks.Embeddings;
using Conjoint.TestSupport;
using Conjoint.Training;

namespace Conjoint.Tests.Tasks;

public sealed class EmbeddingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EmbeddingTests()
    {
        TinyModel.WriteJoint(_folder["joint.safetensors"]);
        TinyModel.WriteJoint(_folder["slices.safetensors"], withVolumeEncoder: false);
        var random = new Random(3);
        Directory.CreateDirectory(_folder["in"]);
        foreach (var (name, slices) in new[] { ("a", 5), ("b", 1), ("c", 20) })
        {
            float[] voxels = [.. Enumerable.Range(0, 12 * 10 * slices).Select(_ => (float)random.Next(256))];
            NiftiFile.Write(_folder[$"in/{name}.nii"], new Volume(voxels, 12, 10, slices, Affine.FromSpacing(1, 1, 3)), NiftiDataType.Int16);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_volume_has_one_unit_vector_whatever_its_number_of_slices()
    {
        var table = Run("joint.safetensors", EmbeddingLevel.Volume);
        var array = NpyFile.Read(_folder["out/e.npy"]);
        Assert.Equal([3, 16], array.Shape);
        Assert.All(array.ToSingle().Chunk(16), row => Assert.Equal(1, row.Sum(v => v * v), 4));
        Assert.Equal(3, table.Rows.Count);
        Assert.All(table.Rows, r => Assert.Null(r.Slice));
        using var json = JsonDocument.Parse(File.ReadAllText(_folder["out/e.json"]));
        Assert.Equal("volume", json.RootElement.GetProperty("level").GetString());
        Assert.Equal(table.Rows[2].Id, json.RootElement.GetProperty("rows")[2].GetProperty("id").GetString());
    }

    [Fact]
    public void Weights_with_a_number_that_is_none_are_refused_by_the_tensors_name()
    {
        using (var file = WeightsFile.Read(_folder["joint.safetensors"]))
        {
            file.Tensors["slice_encoder.layer2.0.bn1.running_var"][1] = float.PositiveInfinity;
            WeightsFile.Write(_folder["spoiled.safetensors"], file.Tensors, file.Card);
        }

        var fault = Assert.Throws<InputDataException>(() => Run("spoiled.safetensors", EmbeddingLevel.Slice));
        Assert.Contains("'slice_encoder.layer2.0.bn1.running_var' holds 1 NaN or infinite numbers", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Slices_have_a_row_each_whose_five_parts_are_unit_vectors()
    {
        var table = Run("joint.safetensors", EmbeddingLevel.Slice);
        var array = NpyFile.Read(_folder["out/e.npy"]);
        Assert.Equal([26, 61 * 4], array.Shape);
        Assert.All(array.ToSingle().Chunk(244), row => Assert.Equal(5, row.Sum(v => v * v), 3));
        Assert.Equal([0, 1, 2, 3, 4, 0, 0], table.Rows.Take(7).Select(r => r.Slice!.Value));
    }

    [Fact]
    public void Weights_of_the_first_stage_embed_slices_and_refuse_volumes()
    {
        Assert.Equal(EmbeddingLevel.Slice, Run("slices.safetensors", null).Level);
        Assert.Contains("volume encoder", Assert.Throws<InputDataException>(() => Run("slices.safetensors", EmbeddingLevel.Volume)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backbone_as_pth_gives_the_vectors_of_the_weights_it_came_from()
    {
        Run("joint.safetensors", EmbeddingLevel.Slice);
        var expected = File.ReadAllBytes(_folder["out/e.npy"]);
        WeightsConversion.Convert(_folder["joint.safetensors"], WeightsTarget.Torchvision, _folder["backbone.pth"]);
        Assert.Equal(EmbeddingLevel.Slice, Run("backbone.pth", null).Level);
        Assert.Equal(expected, File.ReadAllBytes(_folder["out/e.npy"]));
    }

    [Fact]
    public void A_checkpoint_without_a_card_embeds_plain_input()
    {
        using (var encoder = new SliceEncoder(TinyModel.Encoder))
            PyTorchWriter.Write(_folder["plain.pth"], encoder.state_dict());
        using var embedder = Embedder.Open(_folder["plain.pth"], "cpu");
        Assert.Equal(InputNormalisation.Plain, embedder.Input);
        Assert.Equal(1, Assert.Single(embedder.Loaded).ParameterShare);
        Assert.Equal(61 * 4, embedder.SliceWidth);
        Assert.Null(embedder.VolumeWidth);
    }

    [Fact]
    public void Equal_input_gives_equal_vectors()
    {
        Run("joint.safetensors", EmbeddingLevel.Volume);
        var first = File.ReadAllBytes(_folder["out/e.npy"]);
        Run("joint.safetensors", EmbeddingLevel.Volume);
        Assert.Equal(first, File.ReadAllBytes(_folder["out/e.npy"]));
    }

    private EmbeddingTable Run(string weights, EmbeddingLevel? level) => ScanEmbedding.Run(
        _folder[weights], [_folder["in"]], _folder["out/e.npy"], new EmbedSettings { Level = level, Device = "cpu" },
        cancellation: TestContext.Current.CancellationToken);
}
