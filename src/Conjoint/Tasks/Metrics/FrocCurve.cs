namespace Conjoint.Tasks.Metrics;

/// <summary>Free-response ROC of one class: the share of true boxes that is found against the false positives on an image, as the score falls.</summary>
/// <remarks>
/// Drawn as LUNA16's evaluation does: a point a different score, straight lines between points, level beyond the last. A second detection
/// of a box that is found already is a false positive, as in the average precision; LUNA16 leaves it out.
/// Sources: Setio et al., "Validation, comparison, and combination of algorithms for automatic detection of pulmonary nodules ...: the LUNA16
/// challenge" (2017); Niemeijer et al., "On combining computer-aided detection systems" (2011).
/// </remarks>
public sealed class FrocCurve
{
    /// <summary>From points in order.</summary>
    internal FrocCurve(IReadOnlyList<FrocPoint> points) => Points = points;

    /// <summary>The rates at which the competition performance metric looks: 1/8, 1/4, 1/2, 1, 2, 4 and 8 false positives an image.</summary>
    public static IReadOnlyList<double> OperatingPoints { get; } = [0.125, 0.25, 0.5, 1, 2, 4, 8];

    /// <summary>From (0, 0) on, both coordinates rising; sensitivities are NaN where there is no true box.</summary>
    public IReadOnlyList<FrocPoint> Points { get; }

    /// <summary>The competition performance metric: mean of the sensitivities at the seven <see cref="OperatingPoints"/>.</summary>
    /// <returns>In [0, 1]; NaN when there is no true box.</returns>
    public double Cpm => OperatingPoints.Average(SensitivityAt);

    /// <summary>Draws the curve.</summary>
    /// <param name="curve">Which detections are right, with their scores.</param>
    /// <param name="images">How many images were looked at, those without a box included; positive.</param>
    public static FrocCurve Of(PrecisionRecall curve, int images)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(images);
        var points = new List<FrocPoint> { Point(0, 0, curve.Truths, images) };
        var right = 0;
        for (var i = 0; i < curve.Scores.Count; i++)
        {
            right += curve.IsRight[i] ? 1 : 0;
            if (i + 1 == curve.Scores.Count || curve.Scores[i + 1] != curve.Scores[i])
                points.Add(Point(i + 1 - right, right, curve.Truths, images));
        }

        return new FrocCurve(points);
    }

    /// <summary>The sensitivity at a rate of false positives.</summary>
    /// <param name="falsePositives">False positives an image; at least 0.</param>
    /// <returns>In [0, 1], the largest one where several thresholds have this rate; NaN when there is no true box.</returns>
    public double SensitivityAt(double falsePositives)
    {
        if (!(falsePositives >= 0))
            throw new ArgumentOutOfRangeException(nameof(falsePositives), falsePositives, "A rate of false positives is at least 0.");
        var after = 1;
        while (after < Points.Count && Points[after].FalsePositives <= falsePositives)
            after++;
        var before = Points[after - 1];
        if (after == Points.Count)
            return before.Sensitivity;
        var share = (falsePositives - before.FalsePositives) / (Points[after].FalsePositives - before.FalsePositives);
        return before.Sensitivity + share * (Points[after].Sensitivity - before.Sensitivity);
    }

    /// <summary>The same curve without the points that lie inside of its level and upright parts.</summary>
    internal FrocCurve Corners() => new([.. Points.Where((p, i) => i == 0 || i == Points.Count - 1
        || !((Points[i - 1].FalsePositives == p.FalsePositives && p.FalsePositives == Points[i + 1].FalsePositives)
            || (Points[i - 1].Sensitivity.Equals(p.Sensitivity) && p.Sensitivity.Equals(Points[i + 1].Sensitivity))))]);

    private static FrocPoint Point(int wrong, int right, int truths, int images) =>
        new((double)wrong / images, truths == 0 ? double.NaN : (double)right / truths);
}

/// <summary>What counting every detection from a score on would give.</summary>
/// <param name="FalsePositives">Wrong detections an image, on average.</param>
/// <param name="Sensitivity">Share of the true boxes that are found, in [0, 1].</param>
public readonly record struct FrocPoint(double FalsePositives, double Sensitivity);
