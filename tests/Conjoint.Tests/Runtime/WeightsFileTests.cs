using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.TestSupport;
using static TorchSharp.torch;

namespace Conjoint.Tests.Runtime;

public class WeightsFileTests
{
    private sealed record Misread(string BaseWidth);

    private static WeightsCard Card() => new WeightsCard
    {
        Preset = "tiny",
        Method = "swav",
        Stage = "volumes",
        Input = new InputNormalisation { Size = 64, Mean = 0.25, Std = 0.125 },
        Data = [new DataSummary { Dataset = "msd_heart", Modality = "MR", Subjects = 3, Volumes = 4, Slices = 96 }],
    }
        .WithNet("slice_encoder", new SliceEncoderSettings { BaseWidth = 16, Blocks = [1, 1, 1, 1], FeatureLevels = FeatureLevels.Last })
        .WithNet("volume_encoder", new VolumeEncoderSettings { Width = 160 });

    private static Dictionary<string, Tensor> Tensors() => new()
    {
        ["b.weight"] = arange(6).reshape(2, 3).to(ScalarType.Float32),
        ["a.count"] = tensor(7L),
    };

    [Fact]
    public void What_is_written_reads_back()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        WeightsFile.Write(folder["w.safetensors"], Tensors(), Card());

        using var file = WeightsFile.Read(folder["w.safetensors"]);
        Assert.Equal(["a.count", "b.weight"], file.Tensors.Keys.Order());
        Assert.True(file.Tensors["b.weight"].equal(Tensors()["b.weight"]).all().item<bool>());
        Assert.Equal(7, file.Tensors["a.count"].item<long>());
        Assert.Equal(Card().ToJson(), file.Card.ToJson());

        var slices = file.Card.Net<SliceEncoderSettings>("slice_encoder")!;
        Assert.Equal(16, slices.BaseWidth);
        Assert.Equal([1, 1, 1, 1], slices.Blocks);
        Assert.Equal(FeatureLevels.Last, slices.FeatureLevels);
        Assert.Equal(new VolumeEncoderSettings { Width = 160 }, file.Card.Net<VolumeEncoderSettings>("volume_encoder"));
        Assert.Null(file.Card.Net<VolumeEncoderSettings>("other"));
    }

    [Fact]
    public void Equal_weights_give_equal_bytes_in_any_order()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        WeightsFile.Write(folder["one"], Tensors(), Card());
        WeightsFile.Write(folder["two"], Tensors().Reverse(), Card());
        Assert.Equal(File.ReadAllBytes(folder["one"]), File.ReadAllBytes(folder["two"]));
    }

    [Fact]
    public void The_card_is_one_line_in_fixed_words()
    {
        Assert.Equal(
            """{"format_version":1,"conjoint_version":"0.0.1","preset":"tiny","method":"swav","stage":"volumes","architecture":"""
            + """{"slice_encoder":{"base_width":16,"blocks":[1,1,1,1],"feature_levels":"last"},"volume_encoder":{"width":160,"layers":4,"heads":8,"head_width":64,"hidden_width":720,"dropout":0.1,"position_table":64,"attention":"slices","sampling":"grid","position_bias":"table","embedding":"linear","slices":64}}"""
            + ""","input":{"size":64,"mean":0.25,"std":0.125,"scale":"one","fit":"resize","ct_low":-1000,"ct_high":1000,"low_percentile":0.5,"high_percentile":99.5}"""
            + ""","data":[{"dataset":"msd_heart","modality":"MR","subjects":3,"volumes":4,"images":0,"slices":96}],"licence":"Apache-2.0"}""",
            (Card() with { ConjointVersion = "0.0.1" }).ToJson());
    }

    [Fact]
    public void The_version_carries_no_commit() => Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+$", ConjointVersion.Current);

    [Fact]
    public void A_file_of_another_program_is_refused_with_a_sentence()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        Safetensors.Write(folder["w"], Tensors());
        Assert.Equal(
            folder["w"] + ": a safetensors file, but without Conjoint's card; expected weights that Conjoint wrote.",
            Assert.Throws<InputDataException>(() => WeightsFile.Read(folder["w"])).Message);
    }

    [Theory]
    [InlineData("{", "can't be read")]
    [InlineData("{}", "can't be read")]
    [InlineData("null", "the weights' card is empty")]
    [InlineData("""{"preset":"","method":"","stage":"","input":null}""", "can't be read")]
    [InlineData("""{"preset":"","method":"","stage":"","architecture":{"a":{},"a":{}},"input":{"size":1,"mean":0,"std":1}}""", "can't be read")]
    [InlineData("""{"preset":"","method":"","stage":"","input":{"size":0,"mean":0,"std":1}}""", "an input of a size of 0; expected 1 to 8192")]
    [InlineData("""{"preset":"","method":"","stage":"","input":{"size":1000000,"mean":0,"std":1}}""", "a size of 1000000")]
    [InlineData("""{"preset":"","method":"","stage":"","input":{"size":1,"mean":0,"std":0}}""", "mean 0 and std 0")]
    [InlineData("""{"preset":"","method":"","stage":"","input":{"size":1,"mean":0,"std":1,"ct_low":5,"ct_high":5}}""", "a CT window from 5 to 5")]
    [InlineData("""{"preset":"","method":"","stage":"","input":{"size":1,"mean":0,"std":1,"low_percentile":-1}}""", "percentiles -1 and 99.5")]
    [InlineData("""{"format_version":2,"preset":"","method":"","stage":"","input":{"size":1,"mean":0,"std":1}}""", "has format 2; this version of Conjoint reads up to 1")]
    public void A_damaged_card_is_refused_with_a_sentence(string json, string reason)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        Safetensors.Write(folder["w"], Tensors(), new Dictionary<string, string> { [WeightsCard.MetadataKey] = json });
        Assert.Contains(reason, Assert.Throws<InputDataException>(() => WeightsFile.ReadCard(folder["w"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_another_shape_are_refused()
    {
        var card = Card().WithNet("slice_encoder", new Misread("wide"));
        Assert.Contains("'slice_encoder'", Assert.Throws<InvalidDataException>(() => card.Net<SliceEncoderSettings>("slice_encoder")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Adding_a_net_leaves_the_first_card_as_it_was()
    {
        var card = Card();
        _ = card.WithNet("third", new VolumeEncoderSettings());
        Assert.Equal(2, card.Architecture.Count);
    }
}
