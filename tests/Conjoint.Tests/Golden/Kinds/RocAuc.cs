using Conjoint.Tasks.Metrics;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Areas under ROC curves, with ties.</summary>
internal sealed class RocAuc : IGoldenKind
{
    public string Prefix => "roc_auc";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden) =>
        golden.Names("scores").ToDictionary(set => "auc" + set, set => tensor(RocCurve.Auc(golden.Values("scores" + set), golden.Flags("labels" + set))));
}
