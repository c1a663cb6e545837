using Conjoint.Tasks.Metrics;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Several methods against a baseline over the same cases: signed-rank tests, corrected for their number.</summary>
internal sealed class HolmWilcoxon : IGoldenKind
{
    public string Prefix => "holm_wilcoxon";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var baseline = golden.Values("baseline");
        WilcoxonSignedRank[] tests = [.. golden.Values("scores").Chunk(baseline.Length).Select(scores => WilcoxonSignedRank.Of(scores, baseline))];
        var p = tests.Select(t => t.P).ToArray();
        return new Dictionary<string, Tensor>
        {
            ["w_plus"] = tensor(tests.Select(t => t.PositiveRankSum).ToArray()),
            ["n_used"] = tensor(tests.Select(t => (long)t.Count).ToArray()),
            ["p"] = tensor(p),
            ["p_holm"] = tensor(HolmCorrection.Adjust(p)),
        };
    }
}
