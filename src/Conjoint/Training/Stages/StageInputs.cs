using Conjoint.Data;
using Conjoint.Runtime;
using Conjoint.Training.Settings;
using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>What every stage is built from.</summary>
/// <param name="Settings">The run's settings.</param>
/// <param name="Slices">Slices and images of stage <c>slices</c>.</param>
/// <param name="Volumes">Volumes of the other two.</param>
/// <param name="Device">Where tensors are computed.</param>
/// <param name="Group">The processes that train together.</param>
internal sealed record StageInputs(PretrainSettings Settings, SliceSamples Slices, VolumeSamples Volumes, Device Device, IProcessGroup Group)
{
    /// <summary>From [0, 1] to what the first layer sees; none with the released code's scales, whose stage <c>slices</c> has its own (<see cref="Nets.ImageNetInput"/>).</summary>
    public PixelNormalisation Normalisation => Settings.Input.Scale == InputScale.One ? new(Settings.Input.Mean, Settings.Input.Std) : new(0, 1);

    /// <summary>A stage's own seed, so that no two draw the same numbers.</summary>
    public long Seed(string stage) => Settings.Seed * StageName.All.Count + Ordinal(stage);

    /// <summary>The stage's number, from 0.</summary>
    public static int Ordinal(string stage) => stage switch
    {
        StageName.Slices => 0,
        StageName.Masked => 1,
        _ => 2,
    };
}
