using Conjoint.Imaging;
using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Training;

/// <summary>The names that the authors' release gives its tensors, for weights of preset <c>released</c>.</summary>
internal static class ReleasedNames
{
    /// <summary>The preset whose nets the release has.</summary>
    public const string Preset = "released";

    /// <summary>The tensors of a file under the release's names, in the release's order; they stay the file's.</summary>
    /// <exception cref="InputDataException">The weights are of another preset.</exception>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> Of(TensorFile file) => file.Card?.Preset switch
    {
        Preset => throw new InputDataException(file.Path, "this version of Conjoint does not know the release's names yet; --to safetensors keeps the file's own."),
        { } other => throw new InputDataException(file.Path, $"these weights are of preset '{other}'; --to released works for weights of preset '{Preset}' only."),
        null => throw new InputDataException(file.Path, $"these weights have no card; --to released works for weights of preset '{Preset}' only."),
    };
}
