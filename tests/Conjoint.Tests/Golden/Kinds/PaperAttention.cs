using Conjoint.Nets;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Eq. (6)–(8) alone: one volume, a padded batch, or full size by recipe.</summary>
internal sealed class PaperAttention : IGoldenKind
{
    public string Prefix => "paper_attention";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        Assert.Equal((4, 6, 2), (golden.Int("r"), golden.Int("offset_kernel"), golden.Int("offset_scale")));
        var attention = new DeformableAttention1d(NetSettings.VolumeEncoder(golden));
        ModuleValues.Fill(golden, attention);
        var lengths = golden.Lengths();
        var padded = golden.Has("x") && golden["x"].dim() == 3;
        var x = Rows(golden, "x", lengths).requires_grad_();                                // [B, N, F]
        var gradient = Rows(golden, "grad_out", lengths);

        var layout = new SliceLayout(lengths, x.shape[1], x);
        var (heads, positions) = attention.Attend(x, layout);
        var y = SlicePacking.Unpad(attention.forward(x, layout), lengths);                  // [ΣN, F]
        (y * SlicePacking.Unpad(gradient, lengths)).sum().backward();

        var outputs = new Dictionary<string, Tensor>
        {
            ["y"] = y,
            ["heads"] = SlicePacking.Unpad(heads, lengths),
            ["grad.x"] = padded ? x.grad! : SlicePacking.Unpad(x.grad!, lengths),
        };
        for (var b = 0; b < lengths.Length; b++)
        {
            var ofVolume = positions[b].narrow(1, 0, SliceLayout.SamplesFor(lengths[b]));   // [H, M]
            outputs[$"positions_{b}"] = ofVolume;
            outputs["positions"] = ofVolume;
        }

        outputs.AddGradients(attention, golden.StateDict());
        return outputs;
    }

    /// <summary>A stored [N, F] or [B, N, F], or one volume after the other by recipe; padded.</summary>
    private static Tensor Rows(GoldenCase golden, string name, long[] lengths)
    {
        if (golden.Has(name))
            return golden[name].dim() == 3 ? golden[name] : golden[name].unsqueeze(0);
        var volumes = lengths.Select((n, b) => Recipe.Evaluate(golden.Text("inputs"), name + "_b", new Dictionary<string, long> { ["N_b"] = n, ["b"] = b }));
        return golden.Cast(SlicePacking.Pad(cat([.. volumes], 0), lengths));
    }
}
