namespace Conjoint.Data.Augmentation;

/// <summary>One sort of crops of a slice: how many, how large, and how much of the slice each shows.</summary>
public sealed record CropSettings
{
    /// <summary>Number of crops of this sort; at least 1.</summary>
    public required int Count { get; init; }

    /// <summary>Height and width of the crop in pixels; at least 1.</summary>
    public required int Size { get; init; }

    /// <summary>Least share of the slice's area; above 0.</summary>
    public required double MinScale { get; init; }

    /// <summary>Greatest share of the slice's area; at most 1.</summary>
    public required double MaxScale { get; init; }
}
