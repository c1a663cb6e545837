using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Training;

/// <summary>Checkpoints of the authors' released code: the joint model's read as weights of preset <c>released</c>, and such weights under the release's names.</summary>
/// <remarks>Its checkpoints of stage 1 are bare backbones under torchvision's names, which every reader of weights takes as they are.</remarks>
internal static class ReleasedCheckpoint
{
    /// <summary>The preset whose nets the release has.</summary>
    public const string Preset = "released";

    private const string SliceStem = "slice_encoder.conv1.weight";
    private const string Layers = "volume_encoder.layers.", FirstLayer = Layers + "0.";

    // How the names of each stage's checkpoint begin, behind the data-parallel prefix.
    private static readonly Dictionary<string, string[]> s_beginnings = new(StringComparer.Ordinal)
    {
        [StageName.Slices] = ["conv1.", "bn1.", "layer1.", "layer2.", "layer3.", "layer4."],
        [StageName.Masked] = ["encoder.encoder.layers.", "mask_token", "decoder."],
        [StageName.Volumes] = ["intra.", "inter.", "prototypes."],
    };

    /// <summary>The tensors under our names and a card for them; null where the file is none under the release's names.</summary>
    /// <remarks>
    /// The authors' files have no card: a joint checkpoint is known by its names and shapes, while those of stages 1 and 2 have names that
    /// occur elsewhere. What was written under the release's names here has a card that tells the stage.
    /// </remarks>
    public static (IReadOnlyDictionary<string, Tensor> Tensors, WeightsCard Card)? Recognise(TensorFile file)
    {
        if (file.Tensors.ContainsKey(SliceStem))
            return null;
        if (file.Card is { } card)
        {
            return card.Preset == Preset && s_beginnings.TryGetValue(card.Stage, out var beginnings) && file.Tensors.Keys.All(name => Begins(name, beginnings))
                ? (Renamed(file.Tensors, beginnings), card)
                : null;
        }

        var tensors = Renamed(file.Tensors, s_beginnings[StageName.Volumes]);
        return Nets(tensors) is var (slices, volumes) ? (tensors, Card(slices, volumes)) : null;
    }

    /// <summary>The tensors of a file under the release's names; they stay the file's. What the release doesn't keep is left out.</summary>
    /// <exception cref="InputDataException">The weights are of another preset, or of no stage of the release.</exception>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> Of(string path, WeightsCard? card, IReadOnlyDictionary<string, Tensor> tensors)
    {
        if (card is null || card.Preset != Preset)
        {
            throw new InputDataException(path, (card is null ? "these weights have no card" : $"these weights are of preset '{card.Preset}'")
                + $"; --to released works for weights of preset '{Preset}' only.");
        }

        if (!StageName.All.Contains(card.Stage))
            throw new InputDataException(path, $"these weights are of stage '{card.Stage}'; the release has checkpoints of {string.Join(", ", StageName.All)}.");
        List<KeyValuePair<string, Tensor>> kept =
        [
            .. tensors.Select(t => (Name: ReleasedNames.ToReleased(t.Key, card.Stage), t.Value)).Where(t => t.Name is not null)
                .Select(t => KeyValuePair.Create(t.Name!, t.Value)),
        ];
        return kept.Count > 0
            ? kept
            : throw new InputDataException(path, $"none of these tensors is in the release's checkpoint of stage '{card.Stage}'; expected weights of a run, not an export of its backbone.");
    }

    private static bool Begins(string name, string[] beginnings)
    {
        var bare = name.StartsWith(ReleasedNames.ParallelPrefix, StringComparison.Ordinal) ? name[ReleasedNames.ParallelPrefix.Length..] : name;
        return beginnings.Any(b => bare.StartsWith(b, StringComparison.Ordinal));
    }

    private static Dictionary<string, Tensor> Renamed(IReadOnlyDictionary<string, Tensor> theirs, string[] beginnings)
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in theirs)
            tensors[Begins(name, beginnings) && ReleasedNames.FromReleased(name) is { } own ? own : name] = tensor;
        return tensors;
    }

    /// <summary>The nets that the shapes show, no larger than the file; null where they are not the release's.</summary>
    private static (SliceEncoderSettings Slices, VolumeEncoderSettings Volumes)? Nets(IReadOnlyDictionary<string, Tensor> tensors)
    {
        long[]? Shape(string name, int axes) => tensors.TryGetValue(name, out var tensor) && tensor.dim() == axes ? tensor.shape : null;
        if (ResNetShape.Of(tensors) is not { } backbone
            || Shape("volume_encoder.embedding.weight", 3) is not { } embedding          // [F_in, d, 1]
            || Shape(FirstLayer + "attention.to_out.weight", 3) is not { } output         // [N, H·w, 1]
            || Shape(FirstLayer + "attention.to_offsets.0.weight", 3) is not { } offsets  // [w, 1, 6]
            || Shape(FirstLayer + "ffn.linear1.weight", 2) is not { } hidden)             // [hidden, d]
            return null;
        var preset = Presets.Resolve(Preset);
        var volumes = preset.VolumeEncoder with
        {
            Width = (int)embedding[1],
            Slices = (int)output[0],
            HeadWidth = (int)offsets[0],
            Heads = (int)(output[1] / Math.Max(1, offsets[0])),
            HiddenWidth = (int)hidden[0],
            Layers = tensors.Keys.Where(n => n.StartsWith(Layers, StringComparison.Ordinal)).Select(n => n[Layers.Length..].Split('.')[0]).Distinct().Count(),
        };
        return volumes.Faults().Any() ? null : (backbone with { FeatureLevels = preset.SliceEncoder.FeatureLevels }, volumes);
    }

    private static WeightsCard Card(SliceEncoderSettings slices, VolumeEncoderSettings volumes)
    {
        var preset = Presets.Resolve(Preset);
        return new WeightsCard
        {
            Preset = Preset,
            Method = "unknown", // both methods leave the same names
            Stage = StageName.Volumes,
            Input = new InputNormalisation { Size = preset.Volumes.Size, Mean = 0, Std = 1, Scale = preset.Input.Scale, Fit = preset.Volumes.Fit },
            Licence = WeightsCard.UnknownLicence,
        }.WithNet(DescribedNets.SliceEncoder, slices).WithNet(DescribedNets.VolumeEncoder, volumes);
    }
}
