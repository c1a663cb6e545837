using Conjoint.Nets;
using Conjoint.Training.Settings;
using TorchSharp;

namespace Conjoint.Training;

/// <summary>How large the nets of a pre-training are.</summary>
/// <param name="Net">The net.</param>
/// <param name="Stages">The stages that train it.</param>
/// <param name="Parameters">Its trainable numbers.</param>
public sealed record NetSize(string Net, string Stages, long Parameters);

/// <summary>Counts the parameters of everything that a pre-training builds.</summary>
public static class NetSizes
{
    /// <summary>The nets in the order of their stages; the first two are what users keep.</summary>
    /// <remarks>The nets are built and thrown away: some hundred megabytes for a moment at the paper's size.</remarks>
    public static IReadOnlyList<NetSize> Of(PretrainSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        using var slices = new SliceEncoder(settings.SliceEncoder);
        using var volumes = new VolumeEncoder(settings.VolumeEncoder, settings.SliceEncoder.FeatureWidth);
        using var head = new ProjectionHead(slices.PooledWidth, settings.Slices.HeadHiddenWidth, settings.Slices.EmbeddingWidth, settings.Slices.HeadBatchNorm);
        var volumeParameters = Count(volumes);
        // The masked model owns the encoder that it wraps, so it gets one of its own.
        using var masked = new MaskedModel(new VolumeEncoder(settings.VolumeEncoder, settings.SliceEncoder.FeatureWidth), settings.Masked.Target);
        return
        [
            new NetSize("slice_encoder", "slices, volumes", Count(slices)),
            new NetSize("volume_encoder", "masked, volumes", volumeParameters),
            new NetSize("projection_head", "slices", Count(head)),
            new NetSize("slice_prototypes", "slices", settings.Slices.Prototypes.Counts.Sum(k => (long)k * settings.Slices.EmbeddingWidth)),
            new NetSize("mask_token_and_decoder", "masked", Count(masked) - volumeParameters),
            new NetSize("volume_prototypes", "volumes", settings.Volumes.Prototypes.Counts.Sum(k => (long)k * settings.VolumeEncoder.Width)),
        ];
    }

    private static long Count(torch.nn.Module net) => net.parameters().Sum(p => p.numel());
}
