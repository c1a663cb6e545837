using System.Globalization;
using Conjoint.Tasks.Metrics;
using Conjoint.Training.Monitoring;
using Conjoint.Training.ReportData;

namespace Conjoint.Reporting;

/// <summary>Precision against recall, and the FROC, of each class of a detector.</summary>
internal static class DetectionCurveFigures
{
    private const double Margin = 0.5; // doublings that are drawn beside the first and last operating point

    /// <summary>Both figures; nothing where the run has no curves, as one from before there were any.</summary>
    public static Markup Of(DetectionCurves? curves, MetricsLine? summary, IReadOnlyDictionary<int, string> classNames)
    {
        DetectionCurves.OfClass[] drawn = [.. curves?.Classes ?? []];
        return drawn.Length == 0 || summary is null ? Markup.Empty : Markup.Join([PrecisionRecall(drawn, summary, classNames), Froc(drawn, summary, classNames)]);
    }

    /// <summary>1/8 for 0.125.</summary>
    public static string Rate(double falsePositives) =>
        falsePositives < 1 ? $"1/{(1 / falsePositives).ToString(CultureInfo.InvariantCulture)}" : falsePositives.ToString(CultureInfo.InvariantCulture);

    private static Markup PrecisionRecall(DetectionCurves.OfClass[] classes, MetricsLine summary, IReadOnlyDictionary<int, string> classNames)
    {
        var plot = new Plot("recall", "precision").RangeX(0, 1).RangeY(0, 1);
        var told = new List<string>();
        foreach (var (i, drawn) in classes.Index())
        {
            told.Add(Told(drawn, "ap50", summary, classNames));
            plot.Line(new Curve("precision", [.. drawn.Recall.Zip(drawn.Precision)]), Plot.Palette[i % Plot.Palette.Count], legend: told[^1]);
        }

        return Page.Figure(
            plot.ToSvg($"Precision-recall curve at IoU 0.5. Average precision: {string.Join(", ", told)}.", 520, 440),
            Markup.Of($"<b>Precision-recall curve</b> at IoU 0.5. From left to right more and more doubtful boxes count: how many of the true boxes are found (recall), and the largest share of right ones among the found at this recall or a higher one (precision). The area below is the average precision; beyond the line's end no box was found."));
    }

    private static Markup Froc(DetectionCurves.OfClass[] classes, MetricsLine summary, IReadOnlyDictionary<int, string> classNames)
    {
        var plot = new Plot("false positives an image", "sensitivity").RangeY(0, 1).NamesX([.. FrocCurve.OperatingPoints.Select(Rate)]);
        var told = new List<string>();
        foreach (var (i, drawn) in classes.Index())
        {
            told.Add(Told(drawn, "cpm", summary, classNames));
            var (curve, colour) = (new FrocCurve([.. drawn.FalsePositives.Zip(drawn.Sensitivity, (x, y) => new FrocPoint(x, y))]), Plot.Palette[i % Plot.Palette.Count]);
            plot.Line(new Curve("froc", InDoublings(curve)), colour, legend: told[^1]);
            plot.Points(FrocCurve.OperatingPoints.Select(rate => (Doublings(rate), curve.SensitivityAt(rate))), colour);
        }

        return Page.Figure(
            plot.ToSvg($"FROC at IoU 0.5. Mean sensitivity of the seven rates (CPM): {string.Join(", ", told)}.", 520, 440),
            Markup.Of($"<b>FROC</b> at IoU 0.5: how many of the true boxes are found when so many boxes an image are wrong. The mean of the seven points is the competition performance metric (CPM)."));
    }

    private static string Told(DetectionCurves.OfClass drawn, string key, MetricsLine summary, IReadOnlyDictionary<int, string> classNames) =>
        $"{(classNames.TryGetValue(drawn.Label, out var name) ? name : $"class {drawn.Label}")} {Figures.Score(summary.Number($"{key}_class_{drawn.Label}"))}";

    /// <summary>The part of a curve that the figure has room for: its own points, and those where it enters, leaves, and is read.</summary>
    private static (double X, double Y)[] InDoublings(FrocCurve curve)
    {
        var (first, last) = (Rate(-Margin), Rate(FrocCurve.OperatingPoints.Count - 1 + Margin));
        IEnumerable<FrocPoint> own = curve.Points.Where(p => p.FalsePositives > first && p.FalsePositives < last);
        IEnumerable<FrocPoint> read = new[] { first, last }.Concat(FrocCurve.OperatingPoints).Select(rate => new FrocPoint(rate, curve.SensitivityAt(rate)));
        return [.. own.Concat(read).Distinct().OrderBy(p => p.FalsePositives).ThenBy(p => p.Sensitivity).Select(p => (Doublings(p.FalsePositives), p.Sensitivity))];

        static double Rate(double doublings) => FrocCurve.OperatingPoints[0] * Math.Pow(2, doublings);
    }

    private static double Doublings(double rate) => Math.Log2(rate / FrocCurve.OperatingPoints[0]);
}
