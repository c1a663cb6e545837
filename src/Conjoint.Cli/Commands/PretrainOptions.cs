using Conjoint.Runtime;
using Conjoint.Training.Settings;

namespace Conjoint.Cli.Commands;

/// <summary>What was asked of <c>conjoint pretrain</c>.</summary>
internal sealed record PretrainOptions
{
    /// <summary>The stores; at least one.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>The run's folder.</summary>
    public required string Out { get; init; }

    /// <summary>Preset, file, flags and single settings, each over those before.</summary>
    public required PretrainSettings Settings { get; init; }

    /// <summary>The one stage to run; null runs all of them.</summary>
    public string? Stage { get; init; }

    /// <summary>Weights to start from; null starts afresh.</summary>
    public string? Weights { get; init; }

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public required string Device { get; init; }

    /// <summary>The number format of the heavy operations.</summary>
    public required Precision Precision { get; init; }

    /// <summary>Whether to go on with the run in the folder.</summary>
    public required bool Resume { get; init; }
}
