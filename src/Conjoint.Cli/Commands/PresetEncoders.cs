using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Training;

namespace Conjoint.Cli.Commands;

/// <summary>The part of a pre-training preset that a task with both encoders builds on; its keys are those of the task's settings.</summary>
internal sealed record PresetEncoders
{
    public required string Preset { get; init; }

    public required SliceEncoderSettings Encoder { get; init; }

    public required VolumeEncoderSettings VolumeEncoder { get; init; }

    public required InputNormalisation Input { get; init; }

    public required int MaxSlices { get; init; }

    /// <exception cref="ConfigurationException">There is no such preset.</exception>
    public static PresetEncoders Of(string preset)
    {
        var settings = Presets.Resolve(preset);
        var slices = PresetEncoder.Of(preset);
        return new PresetEncoders
        {
            Preset = slices.Preset,
            Encoder = slices.Encoder,
            VolumeEncoder = settings.VolumeEncoder,
            Input = slices.Input,
            MaxSlices = settings.Volumes.MaxSlices,
        };
    }
}
