using Conjoint.Tasks.Metrics;
using MathNet.Numerics.Distributions;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Areas under ROC curves with DeLong's standard errors and intervals.</summary>
internal sealed class DeLongIntervals : IGoldenKind
{
    public string Prefix => "delong";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var confidence = 1 - 2 * Normal.CDF(0, 1, -golden.Number("z"));
        var outputs = new Dictionary<string, Tensor>();
        foreach (var set in golden.Names("scores"))
        {
            var area = DeLong.Of(golden.Values("scores" + set), golden.Flags("labels" + set));
            var (low, high) = area.Interval(confidence);
            outputs["auc" + set] = tensor(area.Auc);
            outputs["se" + set] = tensor(area.StandardError);
            // ci95_0: the level is part of the name.
            foreach (var name in golden.Outputs.Where(o => o.StartsWith("ci", StringComparison.Ordinal) && o.EndsWith("_" + set, StringComparison.Ordinal)))
                outputs[name] = tensor(new[] { low, high });
        }

        return outputs;
    }
}
