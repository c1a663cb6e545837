using System.Globalization;
using Conjoint.Nets;
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
        var stack = new Stack([.. Enumerable.Range(0, golden.Int("n_layers")).Select(_ => new VolumeEncoderLayer(settings, new ReleasedAttention1d(arguments, AttentionAxis.Slices)))]);
        ReleasedNets.Load(golden, stack);

        var x = golden["x"].requires_grad_();                                               // [B, N, d]
        Assert.Equal(golden.Int("n_slices"), x.shape[1]);
        var layout = ReleasedEncoderModel.Layout(x);
        var positions = VolumeEncoder.PositionalEncoding(x.shape[1], width);
        var tokens = x + positions.to(x.dtype);
        var y = stack.Layers.Aggregate(tokens, (context, layer) => layer.forward(context, layout));
        (y * golden["grad_out"]).sum().backward();

        var outputs = new Dictionary<string, Tensor>
        {
            ["pe"] = positions,
            ["y"] = y,
            ["vgrid_layer0"] = stack.Layers[0].ReleasedAttention.Attend(tokens.transpose(1, 2)).Positions,
            ["pooled_normalized"] = nn.functional.normalize(y.mean([1L]), p: 2, dim: 1),
            ["grad.x"] = x.grad!,
        };
        ReleasedNets.AddGradients(outputs, golden, stack);
        return outputs;
    }

    /// <summary>Layers by their number.</summary>
    private sealed class Stack : nn.Module
    {
        public Stack(VolumeEncoderLayer[] layers)
            : base(nameof(Stack))
        {
            Layers = layers;
            for (var l = 0; l < layers.Length; l++)
                register_module(l.ToString(CultureInfo.InvariantCulture), layers[l]);
        }

        public VolumeEncoderLayer[] Layers { get; }
    }
}
