namespace Conjoint.Tasks.FineTuning;

/// <summary>What a fine-tuning's <c>config.yaml</c> holds.</summary>
/// <typeparam name="TSettings">The task's settings.</typeparam>
public sealed record FineTuneConfiguration<TSettings>
    where TSettings : FineTuneSettings
{
    /// <summary><c>segment</c> or <c>classify</c>.</summary>
    public required string Task { get; init; }

    /// <summary>The store.</summary>
    public required string Data { get; init; }

    /// <summary><c>scratch</c>, a weights file or a run's folder.</summary>
    public required string Weights { get; init; }

    /// <summary>Everything else.</summary>
    public required TSettings Settings { get; init; }
}
