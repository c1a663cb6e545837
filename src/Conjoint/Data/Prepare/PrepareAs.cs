namespace Conjoint.Data;

/// <summary>What plain images become.</summary>
public enum PrepareAs
{
    /// <summary>Frames of one scan become a volume, other images stay images (SPEC §2).</summary>
    Auto,

    /// <summary>The images of each folder, or of each value of a table's column <c>volume</c>, become one volume.</summary>
    Volume,

    /// <summary>Every plain image stays one.</summary>
    Images,
}
