using static TorchSharp.torch;

namespace Conjoint.Tests.Golden;

/// <summary>One kind of golden case: builds the thing from the case's metadata and computes its outputs.</summary>
internal interface IGoldenKind
{
    /// <summary>How the case names of this kind begin.</summary>
    string Prefix { get; }

    /// <summary>The outputs by name, without <c>out.</c>; more than the case asks for do no harm. They belong to the open scope.</summary>
    IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden);
}
