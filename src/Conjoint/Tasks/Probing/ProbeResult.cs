using System.Globalization;

namespace Conjoint.Tasks.Probing;

/// <summary>What probes of frozen weights came to.</summary>
/// <param name="Split">The split that was scored.</param>
/// <param name="TrainSubjects">Labelled subjects that the probes were fitted to.</param>
/// <param name="Train">Their cases.</param>
/// <param name="Validation">Cases that chose strength and k; 0: the training subjects did, each by the others.</param>
/// <param name="Test">Cases that were scored.</param>
/// <param name="Classes">Names of the classes; empty where a number was told.</param>
/// <param name="Positive">Of two classes, the one that is looked for; null otherwise.</param>
/// <param name="Probes">A linear and a k-NN probe for each kind of features.</param>
public sealed record ProbeResult(
    string Split, int TrainSubjects, int Train, int Validation, int Test, IReadOnlyList<string> Classes, string? Positive, IReadOnlyList<ProbeScore> Probes);

/// <summary>How well one probe tells the cases that are scored. What doesn't exist for classes, or for numbers, is NaN.</summary>
/// <param name="Features">What it saw: see <see cref="ProbeFeatureNames"/>.</param>
/// <param name="Width">How many numbers a case has.</param>
/// <param name="Probe"><c>linear</c> or <c>knn</c>.</param>
/// <param name="Strength">Of the ridge penalty, of a linear probe.</param>
/// <param name="Neighbours">k, of a k-NN probe.</param>
/// <param name="Auc">Area under the ROC curve of the class that is looked for; of more than two, the mean of each class against the rest.</param>
/// <param name="AucLow">Lower end of DeLong's 95 % interval; two classes only.</param>
/// <param name="AucHigh">Upper end.</param>
/// <param name="OverUntrained">AUC less that of the same probe on the untrained encoder's features; two classes only.</param>
/// <param name="OverUntrainedLow">Lower end of the paired 95 % interval, by DeLong.</param>
/// <param name="OverUntrainedHigh">Upper end.</param>
/// <param name="Accuracy">Share of the cases whose class is the one of largest score.</param>
/// <param name="BalancedAccuracy">Mean of the classes' recalls.</param>
/// <param name="Pearson">Correlation of told and true numbers.</param>
/// <param name="MeanAbsoluteError">Mean of their distances.</param>
/// <param name="R2">1 less the squared errors' share in the squared deviations from the test cases' mean.</param>
/// <param name="Cases">Every scored case, by id.</param>
public sealed record ProbeScore(
    string Features, int Width, string Probe, double? Strength, int? Neighbours,
    double Auc, double AucLow, double AucHigh, double OverUntrained, double OverUntrainedLow, double OverUntrainedHigh, double Accuracy, double BalancedAccuracy,
    double Pearson, double MeanAbsoluteError, double R2, IReadOnlyList<ProbedCase> Cases)
{
    /// <summary>The names of the two probes.</summary>
    public const string Linear = "linear", Knn = "knn";

    /// <summary>For example <c>slices, linear: AUC 0.871 (95 % interval 0.790 to 0.952), accuracy 0.840</c>.</summary>
    public override string ToString()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Features}, {(Probe == Linear ? "linear" : $"k-NN (k {Neighbours})")}: ");
        if (double.IsNaN(Accuracy))
            return name + string.Create(CultureInfo.InvariantCulture, $"mean absolute error {MeanAbsoluteError:0.####}, R² {R2:0.000}") + (double.IsNaN(Pearson) ? "" : string.Create(CultureInfo.InvariantCulture, $", correlation {Pearson:0.000}"));
        return name + string.Create(CultureInfo.InvariantCulture, $"AUC {Auc:0.000}")
            + (double.IsNaN(AucLow) ? "" : string.Create(CultureInfo.InvariantCulture, $" (95 % interval {AucLow:0.000} to {AucHigh:0.000})"))
            + string.Create(CultureInfo.InvariantCulture, $", accuracy {Accuracy:0.000}")
            + (double.IsNaN(OverUntrained) ? "" : string.Create(CultureInfo.InvariantCulture, $", over untrained {OverUntrained:+0.000;-0.000;0.000}"))
            + (double.IsNaN(OverUntrainedLow) ? "" : string.Create(CultureInfo.InvariantCulture, $" ({OverUntrainedLow:+0.000;-0.000;0.000} to {OverUntrainedHigh:+0.000;-0.000;0.000})"));
    }
}

/// <summary>What a probe says of one case.</summary>
/// <param name="Case">The case's id.</param>
/// <param name="Truth">The true number, or the true class's place among the names.</param>
/// <param name="Scores">A score for each class, or the told number alone.</param>
public sealed record ProbedCase(string Case, double Truth, IReadOnlyList<double> Scores);

/// <summary>The kinds of features, in the order in which they are probed.</summary>
public static class ProbeFeatureNames
{
    /// <summary>Mean of the slices' features of the weights' slice encoder.</summary>
    public const string Slices = "slices";

    /// <summary>The volume embedding of the weights' two encoders.</summary>
    public const string Volume = "volume";

    /// <summary>As <see cref="Slices"/>, of an encoder of the same build with random weights.</summary>
    public const string UntrainedSlices = "untrained_slices";

    /// <summary>As <see cref="Volume"/>, of encoders of the same build with random weights.</summary>
    public const string UntrainedVolume = "untrained_volume";

    /// <summary>The pixels on a coarse grid.</summary>
    public const string Pixels = "pixels";

    /// <summary>The share of each of 32 grey values.</summary>
    public const string Histogram = "histogram";
}
