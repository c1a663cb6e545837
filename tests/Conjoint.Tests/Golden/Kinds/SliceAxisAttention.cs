using Conjoint.Nets;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The released code's layers turned so that attention runs across the slices, with their positions added once.</summary>
internal sealed class SliceAxisAttention : IGoldenKind
{
    public string Prefix => "slice_axis_attention";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var width = golden.Int("d_model");
        var arguments = ReleasedAttention.Settings(golden, width, golden.Text("attention"));
        var settings = new VolumeEncoderSettings { Width = width, HiddenWidth = golden.Int("ffn_hidden"), Dropout = 0 };
        var layers = new ModuleList<VolumeEncoderLayer>(
        [
            .. Enumerable.Range(0, golden.Int("n_layers")).Select(_ => new VolumeEncoderLayer(settings, new ReleasedAttention1d(arguments, AttentionAxis.Slices))),
        ]);
        ReleasedNets.Load(golden, layers);

        var x = golden["x"].requires_grad_();                                               // [B, N, d]
        Assert.Equal(golden.Int("n_slices"), x.shape[1]);
        var layout = ReleasedEncoderModel.Layout(x);
        var positions = VolumeEncoder.PositionalEncoding(x.shape[1], width);
        var tokens = x + positions.to(x.dtype);
        var y = layers.Aggregate(tokens, (context, layer) => layer.forward(context, layout));
        (y * golden["grad_out"]).sum().backward();

        var outputs = new Dictionary<string, Tensor>
        {
            ["pe"] = positions,
            ["y"] = y,
            ["vgrid_layer0"] = layers[0].ReleasedAttention.Attend(tokens.transpose(1, 2)).Positions,
            ["pooled_normalized"] = nn.functional.normalize(y.mean([1L]), p: 2, dim: 1),
            ["grad.x"] = x.grad!,
        };
        ReleasedNets.AddGradients(outputs, golden, layers);
        return outputs;
    }
}
