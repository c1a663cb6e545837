namespace Conjoint.Data;

/// <summary>The three parts of a data set; the words stand in the manifest.</summary>
public static class Split
{
    /// <summary>For learning.</summary>
    public const string Train = "train";

    /// <summary>For choosing settings.</summary>
    public const string Validation = "val";

    /// <summary>For the final figures only.</summary>
    public const string Test = "test";

    /// <summary>All three, in this order.</summary>
    public static IReadOnlyList<string> All { get; } = [Train, Validation, Test];

    /// <summary>The split that a word of a table stands for, or null where it stands for none.</summary>
    internal static string? Parse(string text) => text.Trim().ToUpperInvariant() switch
    {
        "TRAIN" or "TRAINING" => Train,
        "VAL" or "VALID" or "VALIDATION" or "DEV" => Validation,
        "TEST" or "TESTING" => Test,
        _ => null,
    };
}
