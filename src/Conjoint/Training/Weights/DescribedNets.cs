using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Training;

/// <summary>The nets that a weights file describes. Its card is believed only where the net is no larger than the file, which anybody may have written.</summary>
internal static class DescribedNets
{
    /// <summary>The names under which a card has the encoders.</summary>
    public const string SliceEncoder = "slice_encoder", VolumeEncoder = "volume_encoder";

    /// <summary>The name under which a card has the encoder of the 3D baselines.</summary>
    public const string ResNet3d = "resnet_3d";

    /// <summary>The slice encoder, from the card, or off the tensors where there is none; null where the file has none.</summary>
    /// <exception cref="InputDataException">The card describes no net, or one that is larger than the file.</exception>
    public static SliceEncoderSettings? Slices(WeightsSource source)
    {
        if (Find<SliceEncoderSettings>(source.Path, source.Card, SliceEncoder) is not { } settings)
            return ResNetShape.Of(source.Tensors);
        Require(source.Path, source.Tensors, SliceEncoder, settings.Faults(), () => settings.KernelNumbers);
        return settings;
    }

    /// <summary>The encoder of the 3D baselines; null where the weights have none.</summary>
    /// <exception cref="InputDataException">The card describes no net, or one that is larger than the file.</exception>
    public static SliceEncoderSettings? Volumetric(WeightsSource source)
    {
        if (Find<SliceEncoderSettings>(source.Path, source.Card, ResNet3d) is not { } settings)
            return null;
        Require(source.Path, source.Tensors, ResNet3d, settings.Faults(), () => 3 * settings.KernelNumbers);
        return settings;
    }

    /// <summary>The volume encoder; null where the card has none or the tensors are not there.</summary>
    /// <param name="source">The weights.</param>
    /// <param name="features">F_in: width of the slice feature.</param>
    /// <exception cref="InputDataException">The card describes no net, or one that is larger than the file.</exception>
    public static VolumeEncoderSettings? Volumes(WeightsSource source, int features)
    {
        if (Find<VolumeEncoderSettings>(source.Path, source.Card, VolumeEncoder) is not { } settings || !NetWeights.HoldVolumeEncoder(source.Tensors))
            return null;
        Require(source.Path, source.Tensors, VolumeEncoder, settings.Faults(), () => settings.MatrixNumbers(features));
        return settings;
    }

    /// <summary>The settings of a net in a card; null when there is none.</summary>
    /// <exception cref="InputDataException">They are there and can't be read.</exception>
    public static T? Find<T>(string path, WeightsCard? card, string name)
        where T : class
    {
        try
        {
            return card?.Net<T>(name);
        }
        catch (InvalidDataException exception)
        {
            throw new InputDataException(path, $"{exception.Message}.", exception);
        }
    }

    /// <summary>Refuses a net that can't be built or that is larger than its file.</summary>
    /// <param name="path">The file's name for the message.</param>
    /// <param name="tensors">What the file holds.</param>
    /// <param name="name">The net's name in the card.</param>
    /// <param name="faults">What is wrong with its settings.</param>
    /// <param name="numbers">The least numbers that it has; asked where nothing is wrong.</param>
    /// <exception cref="InputDataException">It can't be built, or is larger than the file.</exception>
    public static void Require(
        string path, IReadOnlyDictionary<string, Tensor> tensors, string name, IEnumerable<(string Key, string Fault)> faults, Func<Int128> numbers)
    {
        if (faults.ToList() is [var (key, fault), ..])
            throw new InputDataException(path, $"its card describes a '{name}' that can't be built: {(key.Length > 0 ? key + ": " : "")}{fault}.");
        var held = tensors.Values.Sum(t => t.numel());
        if (held < NetWeights.LeastShare * (double)numbers())
            throw new InputDataException(path, $"its card describes a '{name}' of more than {numbers()} numbers, but the file holds {held}; the card belongs to other weights.");
    }
}
