using Conjoint.Tasks.Classification;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Segmentation;
using Conjoint.Training;

namespace Conjoint.Benchmarks.Comparing;

/// <summary>From scratch the net is that of the weights which it is compared with, on inputs of their size.</summary>
internal static class ScratchSettings
{
    /// <summary>The settings of fine-tuning from scratch.</summary>
    /// <param name="settings">Those of the comparison.</param>
    /// <param name="weights">The first weights that it is compared with; their card says how they were made, and without one the settings do.</param>
    public static FineTuneSettings Of(FineTuneSettings settings, string weights)
    {
        using var source = WeightsSource.Open(weights);
        if (source?.Card is not { } card)
            return settings;
        var volumetric = DescribedNets.Volumetric(source);
        settings = settings with
        {
            Encoder = volumetric ?? DescribedNets.Slices(source) ?? settings.Encoder,
            Volumetric = settings.Volumetric || volumetric is not null,
            Input = settings.Input ?? card.Input,
        };
        if (DescribedNets.Volumes(source, settings.Encoder.FeatureWidth) is not { } volumes)
            return settings;
        return settings switch
        {
            SegmentationSettings s => s with { VolumeEncoder = volumes },
            ClassificationSettings c => c with { VolumeEncoder = volumes },
            _ => settings,
        };
    }
}
