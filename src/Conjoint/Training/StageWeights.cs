using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training.Settings;
using static TorchSharp.torch;

namespace Conjoint.Training;

/// <summary>Weights as a stage leaves them and the next one takes them: one set of names, whatever stage wrote them.</summary>
internal static class StageWeights
{
    /// <summary>The word for random first weights.</summary>
    public const string Scratch = "scratch";

    private const string SliceEncoderName = "slice_encoder", VolumeEncoderName = "volume_encoder";

    // Below this share of a net's parameters a file holds another net (SPEC §3).
    private const double LeastShare = 0.9;

    /// <summary>Writes a stage's nets with their card.</summary>
    public static void Write(
        string path, string stage, IReadOnlyList<(string Name, nn.Module Net)> nets, PretrainSettings settings, int inputSize, IReadOnlyList<DataSummary> data)
    {
        using var scope = NewDisposeScope();
        var tensors = NamedNets.Copies(nets).Select(t => KeyValuePair.Create(PublicName(t.Key), t.Value)).ToList();
        var card = new WeightsCard
        {
            Preset = settings.Preset,
            Method = SettingsNames.Of(settings.Method),
            Stage = stage,
            Input = new InputNormalisation { Size = inputSize, Mean = settings.Input.Mean, Std = settings.Input.Std },
            Data = data,
        }.WithNet(SliceEncoderName, settings.SliceEncoder);
        if (tensors.Any(t => t.Key.StartsWith(VolumeEncoderName, StringComparison.Ordinal)))
            card = card.WithNet(VolumeEncoderName, settings.VolumeEncoder);
        WeightsFile.Write(path, tensors, card);
    }

    /// <summary>Fills the encoders from a file, each whole or, where the file has nothing of it, not at all.</summary>
    /// <returns>Which encoders were filled.</returns>
    /// <exception cref="InputDataException">The file has less than 90 % of the slice encoder's parameters, or a net of another shape.</exception>
    public static IReadOnlyList<string> Load(string path, SliceEncoder sliceEncoder, VolumeEncoder? volumeEncoder)
    {
        using var file = Safetensors.Read(path);
        List<string> filled = [];
        Fill(path, file.Tensors, sliceEncoder, SliceEncoderName + ".");
        filled.Add(SliceEncoderName);
        if (volumeEncoder is not null && file.Tensors.Keys.Any(name => name.StartsWith(VolumeEncoderName + ".", StringComparison.Ordinal)))
        {
            Fill(path, file.Tensors, volumeEncoder, VolumeEncoderName + ".");
            filled.Add(VolumeEncoderName);
        }

        return filled;
    }

    /// <summary>The file that a user's word for weights stands for; null for <c>scratch</c>.</summary>
    /// <exception cref="InputDataException">There is none.</exception>
    public static string? Find(string weights)
    {
        if (weights == Scratch)
            return null;
        if (File.Exists(weights))
            return weights;
        if (Directory.Exists(weights) && new RunFolder(weights).Weights is var inRun && File.Exists(inRun))
            return inRun;
        throw new InputDataException(weights, "no weights there; expected a safetensors file, the folder of a finished run, or scratch.");
    }

    private static void Fill(string path, IReadOnlyDictionary<string, Tensor> tensors, nn.Module net, string prefix)
    {
        // Weights with torchvision's bare names belong to the slice encoder.
        var bare = !tensors.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal));
        var from = bare ? "" : prefix;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        long taken = 0, all = 0;
        foreach (var (name, own) in net.state_dict())
        {
            all += own.numel();
            if (!tensors.TryGetValue(from + name, out var saved))
                continue;
            if (!saved.shape.AsSpan().SequenceEqual(own.shape))
            {
                throw new InputDataException(
                    path, $"'{from + name}' has shape [{string.Join(", ", saved.shape)}] where these settings expect [{string.Join(", ", own.shape)}]; use the preset that the weights were made with.");
            }

            own.copy_(saved);
            taken += own.numel();
        }

        if (taken < LeastShare * all)
            throw new InputDataException(path, FormattableString.Invariant($"holds {(double)taken / all:P0} of the parameters of '{prefix.TrimEnd('.')}'; expected at least {LeastShare:P0}. Run 'conjoint weights show' on it."));
    }

    /// <summary>Stage <c>masked</c> nests the volume encoder in its model; a weights file does not.</summary>
    private static string PublicName(string name) =>
        name.StartsWith("masked.encoder.", StringComparison.Ordinal) ? VolumeEncoderName + name["masked.encoder".Length..]
        : name.StartsWith("masked.", StringComparison.Ordinal) ? name["masked.".Length..]
        : name;
}
