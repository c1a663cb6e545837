namespace Conjoint.Tasks.Probing;

/// <summary>A k-NN probe: the training samples of largest cosine vote, each with weight exp(cosine / 0.07).</summary>
/// <remarks>
/// Features are standardised first: embeddings of one kind of scan lie so close together that all their cosines are near 1.
/// Of cosines that are equal to nine decimals the sample listed first, so that rounding decides nothing where many samples point the same way. Weights as Wu et al., "Unsupervised Feature Learning via Non-Parametric Instance Discrimination" (2018).
/// </remarks>
internal sealed class NearestNeighbours
{
    private const double Temperature = 0.07;

    private readonly Standardisation _scale;
    private readonly double[][] _rows; // unit vectors
    private readonly IReadOnlyList<double[]> _targets;
    private readonly IReadOnlyList<string> _groups;

    private NearestNeighbours(Standardisation scale, double[][] rows, IReadOnlyList<double[]> targets, IReadOnlyList<string> groups) =>
        (_scale, _rows, _targets, _groups) = (scale, rows, targets, groups);

    /// <summary>The chosen k.</summary>
    public int Neighbours { get; private set; }

    /// <summary>Keeps the training samples, and chooses k by the least squared error.</summary>
    /// <param name="features">[n][F].</param>
    /// <param name="targets">[n][C]: one-hot classes, or a number.</param>
    /// <param name="groups">[n]: a training sample gets no vote about samples of its own group.</param>
    /// <param name="candidates">The k to choose from; more than there are samples counts as all of them.</param>
    /// <param name="validation">Samples to choose on; null: every training sample by those of other groups.</param>
    public static NearestNeighbours Fit(
        IReadOnlyList<float[]> features, IReadOnlyList<double[]> targets, IReadOnlyList<string> groups, IReadOnlyList<int> candidates,
        (IReadOnlyList<float[]> Features, IReadOnlyList<double[]> Targets)? validation)
    {
        var scale = Standardisation.Of(features);
        var probe = new NearestNeighbours(scale, [.. features.Select(f => Unit(scale.Apply(f)))], targets, groups);
        (IReadOnlyList<float[]> asked, IReadOnlyList<double[]> truths) = validation is { } held ? (held.Features, held.Targets) : (features, targets);
        var ranked = asked.Select((f, i) => probe.Ranked(f, validation is null ? groups[i] : null)).ToArray();
        // Of equal errors the smaller k.
        probe.Neighbours = candidates.Order().MinBy(k => ranked.Zip(truths, (r, t) => probe.Vote(r, k).Zip(t, (p, y) => (p - y) * (p - y)).Sum()).Sum());
        return probe;
    }

    /// <summary>The weighted mean of the neighbours' targets, [C]: shares of the votes, or a number.</summary>
    /// <param name="features">[F].</param>
    public double[] PredictAll(float[] features) => Vote(Ranked(features, null), Neighbours);

    /// <summary>Training samples with their cosines, nearest first.</summary>
    private (int Sample, double Cosine)[] Ranked(float[] features, string? but)
    {
        var row = Unit(_scale.Apply(features));
        return [.. Enumerable.Range(0, _rows.Length).Where(i => but is null || _groups[i] != but).Select(i => (i, InnerProduct.Of(row, _rows[i]))).OrderByDescending(s => Math.Round(s.Item2, 9))];
    }

    private double[] Vote((int Sample, double Cosine)[] ranked, int k)
    {
        var votes = new double[_targets[0].Length];
        var total = 0.0;
        foreach (var (sample, cosine) in ranked.Take(k))
        {
            var weight = Math.Exp((cosine - 1) / Temperature); // less 1: the shares are the same, and nothing overflows
            total += weight;
            for (var c = 0; c < votes.Length; c++)
                votes[c] += weight * _targets[sample][c];
        }

        return [.. votes.Select(v => v / total)];
    }

    /// <summary>A sample at the training samples' mean has no direction, and stays 0: its cosine with all is 0.</summary>
    private static double[] Unit(double[] row)
    {
        var norm = Math.Sqrt(InnerProduct.Of(row, row));
        return norm > 0 ? [.. row.Select(v => v / norm)] : row;
    }
}
