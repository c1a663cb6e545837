namespace Conjoint.Tasks.Metrics;

/// <summary>Precision against recall of one class as the score falls, and the average precision under it.</summary>
public sealed class PrecisionRecall
{
    private const int CocoPoints = 101;

    private readonly double[] _recalls;
    private readonly double[] _envelope;

    private PrecisionRecall(int truths, IReadOnlyList<bool> isRight, IReadOnlyList<double> scores, double[] recalls, double[] precisions)
    {
        Truths = truths;
        IsRight = isRight;
        Scores = scores;
        _recalls = recalls;
        Precisions = precisions;
        _envelope = [.. precisions];
        for (var i = _envelope.Length - 2; i >= 0; i--)
            _envelope[i] = Math.Max(_envelope[i], _envelope[i + 1]);
    }

    /// <summary>How many true boxes there are.</summary>
    public int Truths { get; }

    /// <summary>Whether each detection found a true box, by falling score.</summary>
    public IReadOnlyList<bool> IsRight { get; }

    /// <summary>The detections' scores, falling.</summary>
    public IReadOnlyList<double> Scores { get; }

    /// <summary>Share of the true boxes found with the first 1, 2, ... detections; rising.</summary>
    public IReadOnlyList<double> Recalls => _recalls;

    /// <summary>Share of these detections that are right.</summary>
    public IReadOnlyList<double> Precisions { get; }

    /// <summary>
    /// Corners of the envelope, from recall 0 to the largest one that is reached: level parts and falls, whose area is <see cref="AllPointAverage"/>.
    /// Empty where nothing was found.
    /// </summary>
    public IReadOnlyList<(double Recall, double Precision)> Envelope
    {
        get
        {
            var corners = new List<(double Recall, double Precision)>();
            var reached = 0.0;
            for (var i = 0; Truths > 0 && i < _recalls.Length; i++)
            {
                if (_recalls[i] == reached)
                    continue;
                if (corners.Count == 0 || corners[^1].Precision != _envelope[i])
                    corners.AddRange([(reached, _envelope[i]), (_recalls[i], _envelope[i])]);
                else
                    corners[^1] = (_recalls[i], _envelope[i]);
                reached = _recalls[i];
            }

            return corners;
        }
    }

    /// <summary>Area under the envelope (the best precision at this recall or a higher one), as PASCAL VOC from 2010 on.</summary>
    /// <returns>In [0, 1]; NaN when there is no true box.</returns>
    public double AllPointAverage
    {
        get
        {
            if (Truths == 0)
                return double.NaN;
            var (area, reached) = (0.0, 0.0);
            for (var i = 0; i < _recalls.Length; i++)
            {
                area += (_recalls[i] - reached) * _envelope[i];
                reached = _recalls[i];
            }

            return area;
        }
    }

    /// <summary>Mean of the envelope at the recalls 0, 0.01, ..., 1, as COCO; zero beyond the recall that is reached.</summary>
    /// <returns>In [0, 1]; NaN when there is no true box.</returns>
    public double CocoAverage
    {
        get
        {
            if (Truths == 0)
                return double.NaN;
            var (sum, i) = (0.0, 0);
            for (var point = 0; point < CocoPoints; point++)
            {
                // A product, not a quotient: 0.35000000000000003, as NumPy's linspace in pycocotools.
                while (i < _recalls.Length && _recalls[i] < point * 0.01)
                    i++;
                sum += i < _recalls.Length ? _envelope[i] : 0;
            }

            return sum / CocoPoints;
        }
    }

    /// <summary>Draws the curve.</summary>
    /// <param name="isRight">Whether each detection found a true box, by falling score.</param>
    /// <param name="scores">Their scores.</param>
    /// <param name="truths">How many true boxes there are.</param>
    internal static PrecisionRecall Of(IReadOnlyList<bool> isRight, IReadOnlyList<double> scores, int truths)
    {
        var recalls = new double[isRight.Count];
        var precisions = new double[isRight.Count];
        var right = 0;
        for (var i = 0; i < isRight.Count; i++)
        {
            right += isRight[i] ? 1 : 0;
            recalls[i] = truths == 0 ? double.NaN : (double)right / truths;
            precisions[i] = (double)right / (i + 1);
        }

        return new PrecisionRecall(truths, isRight, scores, recalls, precisions);
    }
}
