using Conjoint.Imaging;
using Conjoint.Nets;

namespace Conjoint.Training;

/// <summary>The nets that a weights file describes. Its card is believed only where the net is no larger than the file, which anybody may have written.</summary>
internal static class DescribedNets
{
    /// <summary>The names under which a card has the encoders.</summary>
    public const string SliceEncoder = "slice_encoder", VolumeEncoder = "volume_encoder";

    /// <summary>The slice encoder, from the card, or off the tensors where there is none; null where the file has none.</summary>
    /// <exception cref="InputDataException">The card describes no net, or one that is larger than the file.</exception>
    public static SliceEncoderSettings? Slices(WeightsSource source)
    {
        if (Find<SliceEncoderSettings>(source, SliceEncoder) is not { } settings)
            return ResNetShape.Of(source.Tensors);
        Require(source, SliceEncoder, settings.Faults(), () => settings.KernelNumbers);
        return settings;
    }

    /// <summary>The volume encoder; null where the card has none or the tensors are not there.</summary>
    /// <param name="source">The weights.</param>
    /// <param name="features">F_in: width of the slice feature.</param>
    /// <exception cref="InputDataException">The card describes no net, or one that is larger than the file.</exception>
    public static VolumeEncoderSettings? Volumes(WeightsSource source, int features)
    {
        if (Find<VolumeEncoderSettings>(source, VolumeEncoder) is not { } settings || !NetWeights.HoldVolumeEncoder(source.Tensors))
            return null;
        Require(source, VolumeEncoder, settings.Faults(), () => settings.MatrixNumbers(features));
        return settings;
    }

    private static T? Find<T>(WeightsSource source, string name)
        where T : class
    {
        try
        {
            return source.Card?.Net<T>(name);
        }
        catch (InvalidDataException exception)
        {
            throw new InputDataException(source.Path, $"{exception.Message}.", exception);
        }
    }

    private static void Require(WeightsSource source, string name, IEnumerable<(string Key, string Fault)> faults, Func<Int128> numbers)
    {
        if (faults.ToList() is [var (key, fault), ..])
            throw new InputDataException(source.Path, $"its card describes a '{name}' that can't be built: {(key.Length > 0 ? key + ": " : "")}{fault}.");
        var held = source.Tensors.Values.Sum(t => t.numel());
        if (held < NetWeights.LeastShare * (double)numbers())
            throw new InputDataException(source.Path, $"its card describes a '{name}' of more than {numbers()} numbers, but the file holds {held}; the card belongs to other weights.");
    }
}
