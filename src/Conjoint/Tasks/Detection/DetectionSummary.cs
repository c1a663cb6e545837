using System.Globalization;
using Conjoint.Nets.Detection;
using Conjoint.Tasks.Metrics;

namespace Conjoint.Tasks.Detection;

/// <summary>The scores of a detector on a set of images. What a set can't tell, since a class has no box in it, is NaN.</summary>
/// <param name="Cases">How many images there are.</param>
/// <param name="Boxes">How many true boxes.</param>
/// <param name="Ap50">Mean over classes of the average precision at IoU 0.5, all points (VOC 2010): the paper's.</param>
/// <param name="CocoAp">Mean over classes of COCO's AP@[.5:.95].</param>
/// <param name="Classes">A score a class.</param>
public sealed record DetectionSummary(int Cases, int Boxes, double Ap50, double CocoAp, IReadOnlyList<ClassDetections> Classes)
{
    private const double Threshold = 0.5;

    /// <summary>Sums up images.</summary>
    /// <param name="cases">The images; may be empty.</param>
    /// <param name="classes">Names of the classes; boxes of others don't count.</param>
    public static DetectionSummary Of(IReadOnlyList<DetectedCase> cases, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(cases);
        ArgumentNullException.ThrowIfNull(classes);
        var numbers = classes.Index().ToDictionary(c => c.Item, c => c.Index, StringComparer.Ordinal);
        TrueBox[] truths = [.. cases.Index().SelectMany(c => c.Item.Truth.Where(t => numbers.ContainsKey(t.Class)).Select(t => new TrueBox(c.Index, numbers[t.Class], new BoxCorners(t.X1, t.Y1, t.X2, t.Y2))))];
        DetectedBox[] found = [.. cases.Index().SelectMany(c => c.Item.Found.Where(f => numbers.ContainsKey(f.Class)).Select(f => new DetectedBox(c.Index, numbers[f.Class], new BoxCorners(f.X1, f.Y1, f.X2, f.Y2), f.Score)))];
        var curves = AveragePrecision.Curves(truths, found, classes.Count, Threshold);
        var coco = AveragePrecision.Coco(truths, found, classes.Count);
        ClassDetections[] scores = [.. classes.Select((name, k) => new ClassDetections(name, truths.Count(t => t.Class == k), curves[k].AllPointAverage, coco[k]))];
        return new DetectionSummary(cases.Count, truths.Length, MeanStd.Of(scores.Select(s => s.Ap50)).Mean, MeanStd.Of(scores.Select(s => s.CocoAp)).Mean, scores);
    }

    /// <summary>For example <c>AP50 0.712, COCO AP 0.401 over 20 images with 40 boxes</c>.</summary>
    public override string ToString() => double.IsNaN(Ap50)
        ? string.Create(CultureInfo.InvariantCulture, $"AP unknown (no true box) over {Cases} {(Cases == 1 ? "image" : "images")}")
        : string.Create(CultureInfo.InvariantCulture, $"AP50 {Ap50:0.000}, COCO AP {CocoAp:0.000} over {Cases} {(Cases == 1 ? "image" : "images")} with {Boxes} {(Boxes == 1 ? "box" : "boxes")}");
}

/// <summary>How well the boxes of one class are found.</summary>
/// <param name="Name">The class.</param>
/// <param name="Boxes">True boxes of it.</param>
/// <param name="Ap50">Average precision at IoU 0.5.</param>
/// <param name="CocoAp">COCO's AP@[.5:.95].</param>
public sealed record ClassDetections(string Name, int Boxes, double Ap50, double CocoAp);
