using Conjoint.Nets;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>φ(B̂; R) of Eq. (8) at any displacement, beyond the table's ends too.</summary>
internal sealed class PositionBiasTable : IGoldenKind
{
    public string Prefix => "rpb_table_1d";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var (slices, samples, heads, batch) = (golden.Int("n"), golden.Int("samples"), golden.Int("heads"), golden.Int("batch"));
        var table = golden["table"].requires_grad_();                                       // [H, 2D−1]
        var keys = golden["grid_kv"].requires_grad_();                                      // [B·H, M], −1 to 1
        var queries = linspace(-1, 1, slices, dtype: golden.Type);                          // [N]
        var displacement = (queries.reshape(1, 1, slices, 1) - keys.reshape(batch, heads, 1, samples)) / 2;
        var entries = table.shape[1];
        var bias = LinearInterpolation.SampleTable(table, (displacement + 1) * ((entries - 1) / 2.0));
        (bias * golden["grad_out"]).sum().backward();
        return new Dictionary<string, Tensor> { ["bias"] = bias, ["grad.table"] = table.grad!, ["grad.grid_kv"] = keys.grad! };
    }
}
