namespace Conjoint.Benchmarks.Learning;

/// <summary>The ways of starting a segmentation that the learning protocol compares.</summary>
public static class LearningArm
{
    /// <summary>From random weights.</summary>
    public const string Scratch = "scratch";

    /// <summary>From random weights, with three times the steps.</summary>
    public const string LongScratch = "scratch-3x";

    /// <summary>From stage <c>slices</c> alone.</summary>
    public const string Slices = "slices";

    /// <summary>From all three stages.</summary>
    public const string All = "all";

    /// <summary>From stages <c>slices</c> and <c>volumes</c>: Table 7's "w/o mask prediction".</summary>
    public const string NoMasked = "no-masked";

    /// <summary>From all three stages with the last feature level alone: Table 7's "w/o multi-feature".</summary>
    public const string LastLevel = "last-level";

    /// <summary>From all three stages, and every slice is segmented in the context that the volume encoder gives it; ours, no arm of the paper.</summary>
    public const string Context = "context";

    /// <summary>Compared at every number of labels.</summary>
    public static IReadOnlyList<string> Main { get; } = [Scratch, Slices, All];

    /// <summary>Compared at the smallest number of labels only.</summary>
    public static IReadOnlyList<string> Further { get; } = [LongScratch, NoMasked, LastLevel, Context];

    /// <summary>Every arm.</summary>
    public static IReadOnlyList<string> Every { get; } = [.. Main, .. Further];

    /// <summary>Whether it starts from random weights.</summary>
    public static bool IsScratch(string arm) => arm is Scratch or LongScratch;

    /// <summary>The arm whose pre-training it starts from: its own, or of another arm that differs in fine-tuning alone.</summary>
    internal static string Pretraining(string arm) => arm == Context ? All : arm;

    /// <summary>How many times the steps of the other arms it trains.</summary>
    internal static int Lengths(string arm) => arm == LongScratch ? 3 : 1;
}
