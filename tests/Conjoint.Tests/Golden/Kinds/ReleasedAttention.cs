using System.Text.Json;
using Conjoint.Nets;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The released code's attention with any of its library's options.</summary>
internal sealed class ReleasedAttention : IGoldenKind
{
    public string Prefix => "deform_attn_1d";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var attention = new ReleasedAttention1d(Settings(golden, golden.Int("dim"), golden.Text("kwargs")), AttentionAxis.Features);
        ReleasedNets.Load(golden, attention);
        var x = golden["x"].requires_grad_();
        Assert.Equal(golden.Int("n"), x.shape[2]);
        var (y, positions) = attention.Attend(x);
        (y * golden["grad_out"]).sum().backward();
        var outputs = new Dictionary<string, Tensor> { ["y"] = y, ["vgrid"] = positions, ["grad.x"] = x.grad! };
        ReleasedNets.AddGradients(outputs, golden, attention);
        return outputs;
    }

    /// <summary>The library's arguments; what is not named has its default.</summary>
    public static ReleasedAttentionSettings Settings(GoldenCase golden, int channels, string arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        JsonElement? Find(string name) => document.RootElement.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        int Int(string name, int otherwise) => Find(name)?.GetInt32() ?? otherwise;
        bool Flag(string name) => Find(name)?.GetBoolean() ?? true;
        return new ReleasedAttentionSettings(channels, Int("heads", 8), Int("dim_head", 64), ReleasedNets.Sampling(golden), Find("offset_scale")?.GetDouble())
        {
            Downsampling = Int("downsample_factor", 4),
            OffsetGroups = Find("offset_groups")?.GetInt32(),
            OffsetKernel = Int("offset_kernel_size", 6),
            LogDistance = Flag("cpb_log_distance"),
            GroupQueries = Flag("group_queries"),
            GroupKeyValues = Flag("group_key_values"),
        };
    }
}
