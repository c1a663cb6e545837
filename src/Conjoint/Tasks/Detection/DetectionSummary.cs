using System.Globalization;
using Conjoint.Tasks.Metrics;

namespace Conjoint.Tasks.Detection;

/// <summary>The scores of a detector on a set of images. What a set can't tell, since a class has no box in it, is NaN.</summary>
/// <param name="Cases">How many images there are.</param>
/// <param name="Boxes">How many true boxes.</param>
/// <param name="Ap50">Mean over classes of the average precision at IoU 0.5, all points (VOC 2010): the paper's.</param>
/// <param name="CocoAp">Mean over classes of COCO's AP@[.5:.95].</param>
/// <param name="Cpm">Mean over classes of the competition performance metric: the sensitivities at 1/8 to 8 false positives an image.</param>
/// <param name="Froc">Means over classes of the sensitivities that it is the mean of.</param>
/// <param name="Classes">A score a class.</param>
public sealed record DetectionSummary(
    int Cases, int Boxes, double Ap50, double CocoAp, double Cpm, IReadOnlyList<SensitivityAtFalsePositives> Froc, IReadOnlyList<ClassDetections> Classes)
{
    /// <summary>Sums up images.</summary>
    /// <param name="cases">The images; may be empty.</param>
    /// <param name="classes">Names of the classes; boxes of others don't count.</param>
    public static DetectionSummary Of(IReadOnlyList<DetectedCase> cases, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(cases);
        ArgumentNullException.ThrowIfNull(classes);
        var boxes = DetectionBoxes.Of(cases, classes);
        var (curves, frocs, coco) = (boxes.Curves(), boxes.Frocs(), boxes.Coco());
        ClassDetections[] scores = [.. classes.Select((name, k) => new ClassDetections(name, curves[k].Truths, curves[k].AllPointAverage, coco[k], frocs[k].Cpm, SensitivitiesOf(frocs[k])))];
        SensitivityAtFalsePositives[] mean = [.. FrocCurve.OperatingPoints.Select((rate, i) => new SensitivityAtFalsePositives(rate, Mean(scores.Select(s => s.Froc[i].Sensitivity))))];
        return new DetectionSummary(cases.Count, scores.Sum(s => s.Boxes), Mean(scores.Select(s => s.Ap50)), Mean(scores.Select(s => s.CocoAp)), Mean(scores.Select(s => s.Cpm)), mean, scores);
    }

    /// <summary>For example <c>AP50 0.712, COCO AP 0.401, CPM 0.655 over 20 images with 40 boxes</c>.</summary>
    public override string ToString() => double.IsNaN(Ap50)
        ? string.Create(CultureInfo.InvariantCulture, $"AP unknown (no true box) over {Cases} {(Cases == 1 ? "image" : "images")}")
        : string.Create(CultureInfo.InvariantCulture, $"AP50 {Ap50:0.000}, COCO AP {CocoAp:0.000}, CPM {Cpm:0.000} over {Cases} {(Cases == 1 ? "image" : "images")} with {Boxes} {(Boxes == 1 ? "box" : "boxes")}");

    private static SensitivityAtFalsePositives[] SensitivitiesOf(FrocCurve curve) => [.. FrocCurve.OperatingPoints.Select(rate => new SensitivityAtFalsePositives(rate, curve.SensitivityAt(rate)))];

    private static double Mean(IEnumerable<double> ofClasses) => MeanStd.Of(ofClasses).Mean;
}

/// <summary>How well the boxes of one class are found.</summary>
/// <param name="Name">The class.</param>
/// <param name="Boxes">True boxes of it.</param>
/// <param name="Ap50">Average precision at IoU 0.5.</param>
/// <param name="CocoAp">COCO's AP@[.5:.95].</param>
/// <param name="Cpm">The competition performance metric at IoU 0.5.</param>
/// <param name="Froc">The sensitivities that it is the mean of.</param>
public sealed record ClassDetections(string Name, int Boxes, double Ap50, double CocoAp, double Cpm, IReadOnlyList<SensitivityAtFalsePositives> Froc);

/// <summary>How many of the boxes are found at a rate of false positives.</summary>
/// <param name="FalsePositives">False positives an image.</param>
/// <param name="Sensitivity">Share of the true boxes.</param>
public sealed record SensitivityAtFalsePositives(double FalsePositives, double Sensitivity);
