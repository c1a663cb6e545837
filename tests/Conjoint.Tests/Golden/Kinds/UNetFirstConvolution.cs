using Conjoint.Nets;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>What the stem's kernels become for a grey slice.</summary>
internal sealed class UNetFirstConvolution : IGoldenKind
{
    public string Prefix => "unet_first_conv_one_channel";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden) =>
        new Dictionary<string, Tensor> { ["w1"] = SliceEncoder.FoldToOneChannel(golden["w3"]) };
}
