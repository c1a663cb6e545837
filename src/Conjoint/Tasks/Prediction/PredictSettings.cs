using Conjoint.Data;
using Conjoint.Imaging;

namespace Conjoint.Tasks.Prediction;

/// <summary>How new scans are segmented.</summary>
public sealed record PredictSettings
{
    /// <summary>What plain images are: single images, slices of a volume, or as their names tell.</summary>
    public PrepareAs As { get; init; } = PrepareAs.Auto;

    /// <summary>Modality of every input; null recognises CT by its values.</summary>
    public Modality? Modality { get; init; }

    /// <summary>Whether a picture of the fullest slice of each scan is drawn.</summary>
    public bool Overlays { get; init; } = true;

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "auto";
}
