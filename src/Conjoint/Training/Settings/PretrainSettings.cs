using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;

namespace Conjoint.Training.Settings;

/// <summary>
/// Everything that decides a pre-training run. The defaults are the paper's, as SPEC §1 states them; <see cref="Presets"/>
/// holds the named sets of departures from them.
/// </summary>
public sealed record PretrainSettings : IValidated
{
    /// <summary>The preset that these settings were built on.</summary>
    public string Preset { get; init; } = "paper";

    /// <summary>How embeddings are clustered.</summary>
    public ClusteringMethod Method { get; init; } = ClusteringMethod.Swav;

    /// <summary>Seed of every random draw: initial weights, order, views, masks, dropout.</summary>
    [Bounds(AtLeast = 0)]
    public long Seed { get; init; } = 42;

    /// <summary>Threads of the tensor library; null: one a core. The same number gives the same bits.</summary>
    [Bounds(AtLeast = 1)]
    public int? Threads { get; init; }

    /// <summary>Threads that prepare batches beside the training.</summary>
    [Bounds(AtLeast = 1, AtMost = 64)]
    public int LoaderWorkers { get; init; } = 1;

    /// <summary>Seconds between checkpoints. A killed run repeats no more than this and one step.</summary>
    [Bounds(Above = 0, AtMost = 3600)]
    public double CheckpointSeconds { get; init; } = 12;

    /// <summary>
    /// How often a data set's samples are drawn against their number, by its name in the store: 2 is twice as often, 0 never. Sets that aren't
    /// named have 1; empty, the default, takes every sample once an epoch. An epoch has the same number of samples either way.
    /// </summary>
    [Bounds(AtLeast = 0)]
    public IReadOnlyDictionary<string, double> DataWeights { get; init; } = new Dictionary<string, double>();

    /// <summary>How intensities in [0, 1] reach the first layer.</summary>
    public InputSettings Input { get; init; } = new();

    /// <summary>f_intra.</summary>
    public SliceEncoderSettings SliceEncoder { get; init; } = new();

    /// <summary>f_inter.</summary>
    public VolumeEncoderSettings VolumeEncoder { get; init; } = new();

    /// <summary>How codes are computed and predicted.</summary>
    public ClusteringSettings Clustering { get; init; } = new();

    /// <summary>How weights are updated.</summary>
    public OptimiserSettings Optimiser { get; init; } = new();

    /// <summary>Stage 1, Eq. (5).</summary>
    public SlicesSettings Slices { get; init; } = new();

    /// <summary>Stage 2, Eq. (15).</summary>
    public MaskedSettings Masked { get; init; } = new();

    /// <summary>Stage 3, Eq. (12).</summary>
    public VolumesSettings Volumes { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<SettingsProblem> Problems()
    {
        foreach (var (key, fault) in SliceEncoder.Faults())
            yield return new SettingsProblem($"slice_encoder.{key}", fault);
        foreach (var (key, fault) in VolumeEncoder.Faults())
            yield return new SettingsProblem(key.Length > 0 ? $"volume_encoder.{key}" : "volume_encoder", fault);
        if (!VolumeEncoder.IsReleasedAttention)
            yield break;
        foreach (var (key, isRun, fit, slices) in new[] { ("masked", Masked.Enabled, Masked.Fit, Masked.MaxSlices), ("volumes", Volumes.Enabled, Volumes.Fit, Volumes.MaxSlices) })
        {
            if (isRun && fit != SliceFit.CropOrPad)
                yield return new SettingsProblem($"{key}.fit", "the released attention takes volumes of equal length only; expected crop-or-pad");
            if (isRun && VolumeEncoder.Attention == AttentionAxis.Features && slices != VolumeEncoder.Slices)
                yield return new SettingsProblem($"{key}.max_slices", $"received {slices}; expected volume_encoder.slices, {VolumeEncoder.Slices}, which attention across features has as its channels");
        }
    }
}
