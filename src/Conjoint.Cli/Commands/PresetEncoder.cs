using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Training;

namespace Conjoint.Cli.Commands;

/// <summary>The part of a pre-training preset that a labelled task builds on; its keys are those of the task's settings.</summary>
internal sealed record PresetEncoder
{
    public required string Preset { get; init; }

    public required SliceEncoderSettings Encoder { get; init; }

    public required InputNormalisation Input { get; init; }

    /// <exception cref="ConfigurationException">There is no such preset.</exception>
    public static PresetEncoder Of(string preset)
    {
        var settings = Presets.Resolve(preset);
        return new PresetEncoder
        {
            Preset = preset,
            Encoder = settings.SliceEncoder,
            Input = new InputNormalisation { Size = settings.Volumes.Size, Mean = settings.Input.Mean, Std = settings.Input.Std, Scale = settings.Input.Scale }.ForTask(),
        };
    }
}
