using Conjoint.Runtime;
using Conjoint.Training.Settings;

namespace Conjoint.Training;

/// <summary>One run of pre-training, as a user asks for it.</summary>
public sealed record PretrainRequest
{
    /// <summary>What decides the result.</summary>
    public required PretrainSettings Settings { get; init; }

    /// <summary>Folders of prepared stores; their cases of split <c>train</c> are learned from.</summary>
    public required IReadOnlyList<string> Stores { get; init; }

    /// <summary>The run's folder.</summary>
    public required string RunFolder { get; init; }

    /// <summary>One of <see cref="StageName.Single"/>; null: all of the method.</summary>
    public string? Stage { get; init; }

    /// <summary>A weights file or a finished run to start from; <c>scratch</c> or null: random weights.</summary>
    public string? Weights { get; init; }

    /// <summary>Where tensors are computed: auto, cpu, cuda, cuda:N.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Number format of the heavy operations.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Whether to go on with the run that the folder holds.</summary>
    public bool Resume { get; init; }

    /// <summary>The command line for the report; null when there was none.</summary>
    public string? Command { get; init; }
}
