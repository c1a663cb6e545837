using Conjoint.Nets;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The whole of f_inter, its layers one by one, and Eq. (10).</summary>
internal sealed class PaperVolumeEncoder : IGoldenKind
{
    public string Prefix => "paper_volume_encoder";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var encoder = new VolumeEncoder(NetSettings.VolumeEncoder(golden), golden.Int("features"));
        RequireCounts(golden, encoder);
        ModuleValues.Fill(golden, encoder);
        ModuleValues.SetMode(golden, encoder);
        var lengths = golden.Lengths();
        var features = Features(golden, lengths).requires_grad_();                          // [B, N, F_in]
        var gradient = golden.Has("grad_out")
            ? golden["grad_out"]
            : golden.Cast(Recipe.Evaluate(golden.Text("inputs"), "grad_out", new Dictionary<string, long>()));

        var (slices, embedding) = encoder.Encode(features, lengths);
        (embedding * gradient).sum().backward();

        var valid = SlicePacking.Unpad(slices, lengths);
        var outputs = new Dictionary<string, Tensor>
        {
            ["embedding"] = embedding,
            ["slices"] = valid,
            ["slices_last_layer_first_volume_rows_0_1"] = valid.narrow(0, 0, Math.Min(2, valid.shape[0])),
            ["grad.features"] = features.grad!,
            ["grad_features_mean_std_l2"] = ModuleValues.Checksums(lengths.Select((n, b) => features.grad![b].narrow(0, 0, n))),
        };
        AddLayers(outputs, encoder, features.detach(), lengths);
        outputs.AddGradients(encoder, golden.StateDict());
        return outputs;
    }

    /// <summary>What the encoder does between its ends, layer by layer.</summary>
    private static void AddLayers(Dictionary<string, Tensor> outputs, VolumeEncoder encoder, Tensor features, long[] lengths)
    {
        using var noGradient = no_grad();
        var layout = new SliceLayout(lengths, features.shape[1], features);
        var x = encoder.Embed(features, layout) + VolumeEncoder.PositionalEncoding(features.shape[1], encoder.Settings.Width).to(features.dtype);
        var perLayer = new List<Tensor>();
        for (var l = 0; l < encoder.Layers.Count; l++)
        {
            var (_, positions) = encoder.Layers[l].Attention.Attend(x, layout);
            for (var b = 0; b < lengths.Length; b++)
                outputs[$"positions_layer{l}_volume{b}"] = positions[b].narrow(1, 0, SliceLayout.SamplesFor(lengths[b]));
            x = encoder.Layers[l].forward(x, layout);
            perLayer.Add(SlicePacking.Unpad(x, lengths));
            outputs[$"slices_after_layer{l}"] = perLayer[l];
        }

        outputs["slices_mean_std_l2_per_layer"] = ModuleValues.Checksums(perLayer);
    }

    private static Tensor Features(GoldenCase golden, long[] lengths)
    {
        if (golden.Has("features"))
            return golden["features"];
        var volumes = lengths.Select((n, b) => Recipe.Evaluate(golden.Text("inputs"), "features_b", new Dictionary<string, long> { ["N_b"] = n, ["b"] = b }));
        return golden.Cast(SlicePacking.Pad(cat([.. volumes], 0), lengths));
    }

    private static void RequireCounts(GoldenCase golden, VolumeEncoder encoder)
    {
        if (!golden.HasKey("parameters_volume_encoder"))
            return;
        using var sliceEncoder = new SliceEncoder(new SliceEncoderSettings());
        var (inter, intra) = (encoder.parameters().Sum(p => p.numel()), sliceEncoder.parameters().Sum(p => p.numel()));
        Assert.Equal(golden.Int("parameters_volume_encoder"), inter);
        Assert.Equal(golden.Int("parameters_slice_encoder"), intra);
        Assert.Equal(golden.Int("parameters"), inter + intra);
    }
}
