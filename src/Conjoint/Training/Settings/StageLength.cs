using Conjoint.Runtime.Settings;

namespace Conjoint.Training.Settings;

/// <summary>How long a stage trains.</summary>
public abstract record StageLength
{
    /// <summary>Passes over the samples. Also decides the warm-up; see <see cref="Steps"/>.</summary>
    [Bounds(AtLeast = 1)]
    public int Epochs { get; init; } = 100;

    /// <summary>Steps in all, in place of <see cref="Epochs"/>; the last epoch may be cut short. Null: by epochs.</summary>
    [Bounds(AtLeast = 1)]
    public int? Steps { get; init; }

    /// <summary>Steps of the stage, given those of an epoch.</summary>
    internal int TotalSteps(int stepsPerEpoch) => Steps ?? checked(Epochs * stepsPerEpoch);
}
