namespace Conjoint.Reporting;

/// <summary>Points of a quantity over steps or epochs, in order.</summary>
internal sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>
    /// The curve with at most <paramref name="count"/> points: means of neighbours, so that a long run does not make a heavy page.
    /// </summary>
    public Curve Thinned(int count)
    {
        if (Points.Count <= count)
            return this;
        var size = (Points.Count + count - 1) / count;
        return this with { Points = [.. Points.Chunk(size).Select(chunk => (chunk.Average(p => p.X), chunk.Average(p => p.Y)))] };
    }

    /// <summary>Each point replaced by the mean of those up to <paramref name="reach"/> places before and after it.</summary>
    public Curve Smoothed(int reach)
    {
        var sums = new double[Points.Count + 1];
        for (var i = 0; i < Points.Count; i++)
            sums[i + 1] = sums[i] + Points[i].Y;
        return this with
        {
            Points = [.. Points.Select((point, i) =>
            {
                var (first, end) = (Math.Max(0, i - reach), Math.Min(Points.Count, i + reach + 1));
                return (point.X, (sums[end] - sums[first]) / (end - first));
            })],
        };
    }
}
