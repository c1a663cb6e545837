namespace Conjoint.Data;

/// <summary>What a case of a store is; the words stand in the manifest.</summary>
public static class CaseKind
{
    /// <summary>A stack of slices that belong together, one slice included.</summary>
    public const string Volume = "volume";

    /// <summary>A single plain image, stored as one slice.</summary>
    public const string Image = "image";
}
