namespace Conjoint.Benchmarks;

/// <summary>The two ways of starting that the demo compares.</summary>
internal static class DemoArm
{
    /// <summary>From the demo's own pre-training.</summary>
    public const string Pretrained = "pretrained";

    /// <summary>From random weights.</summary>
    public const string Scratch = "scratch";

    /// <summary>Both, in the order of the report.</summary>
    public static IReadOnlyList<string> All { get; } = [Pretrained, Scratch];
}
