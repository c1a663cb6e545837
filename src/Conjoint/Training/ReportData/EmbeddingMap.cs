namespace Conjoint.Training.ReportData;

/// <summary>Embeddings drawn on a plane, by <see cref="PrincipalPlane"/> or another map to two dimensions.</summary>
public sealed record EmbeddingMap
{
    /// <summary><c>slices</c> or <c>volumes</c>: what one point stands for.</summary>
    public required string Level { get; init; }

    /// <summary>How the plane was found, in a few words.</summary>
    public string Method { get; init; } = "principal components";

    /// <summary>The share of the embeddings' variance that the plane shows, in [0, 1]; null where that has no meaning.</summary>
    public double? Explained { get; init; }

    /// <summary>The points.</summary>
    public IReadOnlyList<Point> Points { get; init; } = [];

    /// <summary>One embedding on the plane.</summary>
    /// <param name="X">First coordinate.</param>
    /// <param name="Y">Second coordinate.</param>
    /// <param name="DataSet">The data set that it is from; gives the colour.</param>
    public sealed record Point(double X, double Y, string DataSet);
}
