using Conjoint.Nets.Detection;
using Conjoint.Tasks.Metrics;
using Conjoint.Training.ReportData;

namespace Conjoint.Tasks.Detection;

/// <summary>True and found boxes of a set of images, by numbers.</summary>
internal sealed class DetectionBoxes
{
    private const double Threshold = 0.5; // IoU of a found box, in all but COCO's average

    private readonly int _images;
    private readonly int _classes;
    private readonly TrueBox[] _truths;
    private readonly DetectedBox[] _found;

    private DetectionBoxes(int images, int classes, TrueBox[] truths, DetectedBox[] found) => (_images, _classes, _truths, _found) = (images, classes, truths, found);

    /// <summary>Of some images; boxes of other classes are left out.</summary>
    public static DetectionBoxes Of(IReadOnlyList<DetectedCase> cases, IReadOnlyList<string> classes)
    {
        var numbers = classes.Index().ToDictionary(c => c.Item, c => c.Index, StringComparer.Ordinal);
        return new DetectionBoxes(
            cases.Count, classes.Count,
            [.. cases.Index().SelectMany(c => c.Item.Truth.Where(t => numbers.ContainsKey(t.Class)).Select(t => new TrueBox(c.Index, numbers[t.Class], new BoxCorners(t.X1, t.Y1, t.X2, t.Y2))))],
            [.. cases.Index().SelectMany(c => c.Item.Found.Where(f => numbers.ContainsKey(f.Class)).Select(f => new DetectedBox(c.Index, numbers[f.Class], new BoxCorners(f.X1, f.Y1, f.X2, f.Y2), f.Score)))]);
    }

    /// <summary>Precision and recall of each class at IoU 0.5.</summary>
    public PrecisionRecall[] Curves() => AveragePrecision.Curves(_truths, _found, _classes, Threshold);

    /// <summary>The FROC of each class at IoU 0.5.</summary>
    public FrocCurve[] Frocs() => [.. Curves().Select(curve => FrocCurve.Of(curve, Math.Max(1, _images)))];

    /// <summary>COCO's average precision of each class.</summary>
    public double[] Coco() => AveragePrecision.Coco(_truths, _found, _classes);

    /// <summary>What the report draws.</summary>
    public DetectionCurves ToDraw()
    {
        FrocCurve[] frocs = [.. Frocs().Select(froc => froc.Corners())];
        return new DetectionCurves
        {
            Classes = [.. Curves().Index().Where(curve => curve.Item.Truths > 0).Select(curve => new DetectionCurves.OfClass(
                curve.Index, [.. curve.Item.Envelope.Select(p => p.Recall)], [.. curve.Item.Envelope.Select(p => p.Precision)],
                [.. frocs[curve.Index].Points.Select(p => p.FalsePositives)], [.. frocs[curve.Index].Points.Select(p => p.Sensitivity)]))],
        };
    }
}
