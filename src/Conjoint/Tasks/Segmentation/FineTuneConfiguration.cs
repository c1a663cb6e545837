namespace Conjoint.Tasks.Segmentation;

/// <summary>What a fine-tuning's <c>config.yaml</c> holds.</summary>
public sealed record FineTuneConfiguration
{
    /// <summary><c>segment</c>.</summary>
    public string Task { get; init; } = "segment";

    /// <summary>The store.</summary>
    public required string Data { get; init; }

    /// <summary><c>scratch</c>, a weights file or a run's folder.</summary>
    public required string Weights { get; init; }

    /// <summary>Everything else.</summary>
    public required FineTuneSettings Settings { get; init; }
}
