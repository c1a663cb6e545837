namespace Conjoint.Training.ReportData;

/// <summary>What a detector finds as its least score falls, class by class.</summary>
public sealed record DetectionCurves
{
    /// <summary>Every class that has a true box.</summary>
    public IReadOnlyList<OfClass> Classes { get; init; } = [];

    /// <summary>The curves of one class at IoU 0.5; points in order, rising to the right.</summary>
    /// <param name="Label">The class's place among the names in the run's data.</param>
    /// <param name="Recall">Corners of the precision-recall envelope, from 0 to the largest recall.</param>
    /// <param name="Precision">The precision at each: the area below is the average precision.</param>
    /// <param name="FalsePositives">Corners of the FROC: false positives an image, from 0.</param>
    /// <param name="Sensitivity">The share of boxes found at each.</param>
    public sealed record OfClass(
        int Label, IReadOnlyList<double> Recall, IReadOnlyList<double> Precision, IReadOnlyList<double> FalsePositives, IReadOnlyList<double> Sensitivity);
}
