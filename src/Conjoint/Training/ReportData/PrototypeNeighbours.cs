namespace Conjoint.Training.ReportData;

/// <summary>For some prototypes, the slices (or volumes' middle slices) whose embeddings lie nearest to them.</summary>
public sealed record PrototypeNeighbours
{
    /// <summary>The stage whose prototypes these are: <c>slices</c> or <c>volumes</c>.</summary>
    public required string Stage { get; init; }

    /// <summary>How many prototypes the stage has; <see cref="Prototypes"/> may show fewer.</summary>
    public int Total { get; init; }

    /// <summary>The prototypes shown, best used first.</summary>
    public IReadOnlyList<Prototype> Prototypes { get; init; } = [];

    /// <summary>One prototype.</summary>
    /// <param name="Index">Its number.</param>
    /// <param name="Share">The fraction of all samples whose nearest prototype it is, in [0, 1].</param>
    /// <param name="Neighbours">The nearest samples, nearest first.</param>
    public sealed record Prototype(int Index, double Share, IReadOnlyList<Neighbour> Neighbours);

    /// <summary>One sample near a prototype.</summary>
    /// <param name="DataSet">The data set that it is from.</param>
    /// <param name="Similarity">Cosine between embedding and prototype, in [−1, 1].</param>
    /// <param name="Png">The slice as a PNG file, by <see cref="SlicePicture.Grey"/>.</param>
    public sealed record Neighbour(string DataSet, double Similarity, byte[] Png);
}
