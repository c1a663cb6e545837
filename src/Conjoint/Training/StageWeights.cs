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
    /// <summary>Writes a stage's nets with their card.</summary>
    public static void Write(
        string path, string stage, IReadOnlyList<(string Name, nn.Module Net)> nets, PretrainSettings settings, InputNormalisation input, IReadOnlyList<DataSummary> data,
        string licence = WeightsCard.OwnLicence)
    {
        using var scope = NewDisposeScope();
        var tensors = NamedNets.Copies(nets).Select(t => KeyValuePair.Create(PublicName(t.Key), t.Value)).ToList();
        var card = new WeightsCard
        {
            Preset = settings.Preset,
            Method = SettingsNames.Of(settings.Method),
            Stage = stage,
            Input = input,
            Data = data,
            Licence = licence,
        }.WithNet(stage == StageName.Volumes3d ? DescribedNets.ResNet3d : DescribedNets.SliceEncoder, settings.SliceEncoder);
        if (tensors.Any(t => t.Key.StartsWith(DescribedNets.VolumeEncoder, StringComparison.Ordinal)))
            card = card.WithNet(DescribedNets.VolumeEncoder, settings.VolumeEncoder);
        WeightsFile.Write(path, tensors, card);
    }

    /// <summary>Fills the encoders from a file; the volume encoder keeps its first values where the file has none.</summary>
    /// <returns>What became of the tensors, a net each.</returns>
    /// <exception cref="InputDataException">The file has less than 90 % of a net's parameters, or a tensor of another shape.</exception>
    public static IReadOnlyList<(string Net, LoadReport Report)> Load(string path, SliceEncoder sliceEncoder, VolumeEncoder? volumeEncoder)
    {
        using var file = WeightsSource.Open(path)!;
        List<(string, LoadReport)> filled = [(DescribedNets.SliceEncoder, NetWeights.Load(sliceEncoder, path, file.Tensors, NetWeights.SlicePrefixes))];
        if (volumeEncoder is not null && NetWeights.HoldVolumeEncoder(file.Tensors))
            filled.Add((DescribedNets.VolumeEncoder, NetWeights.Load(volumeEncoder, path, file.Tensors, NetWeights.VolumePrefixes)));
        return filled;
    }

    /// <summary>Stage <c>masked</c> nests the volume encoder in its model; a weights file does not.</summary>
    private static string PublicName(string name) =>
        name.StartsWith("masked.encoder.", StringComparison.Ordinal) ? DescribedNets.VolumeEncoder + name["masked.encoder".Length..]
        : name.StartsWith("masked.", StringComparison.Ordinal) ? name["masked.".Length..]
        : name;
}
