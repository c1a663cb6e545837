using System.Globalization;
using System.Text;
using Conjoint.Tasks.Metrics;

namespace Conjoint.Tasks.Classification;

/// <summary>The scores of a set of classified cases. What a set can't tell, since a class is missing in it, is NaN.</summary>
/// <param name="Cases">How many cases there are.</param>
/// <param name="Auc">Area under the ROC curve of the positive class; with more than two classes, the mean of each class against the rest.</param>
/// <param name="AucLow">Lower end of DeLong's 95 % interval; NaN with more than two classes.</param>
/// <param name="AucHigh">Upper end of it.</param>
/// <param name="Accuracy">Share of the cases whose likeliest class is the true one.</param>
/// <param name="BalancedAccuracy">Mean of the classes' recalls.</param>
/// <param name="CrossEntropy">Mean of −ln of the true class's probability, at least 0; ln C for guessing among C classes.</param>
/// <param name="Sensitivities">The largest sensitivity that keeps each wanted specificity; empty with more than two classes.</param>
/// <param name="Classes">A score a class.</param>
public sealed record ClassificationSummary(
    int Cases, double Auc, double AucLow, double AucHigh, double Accuracy, double BalancedAccuracy, double CrossEntropy,
    IReadOnlyList<SensitivityAtSpecificity> Sensitivities, IReadOnlyList<ClassifiedClass> Classes)
{
    /// <summary>Sums up cases.</summary>
    /// <param name="cases">The cases; may be empty.</param>
    /// <param name="classifier">The classes, which one is positive, and the wanted specificities.</param>
    public static ClassificationSummary Of(IReadOnlyList<ClassifiedCase> cases, ClassifierSettings classifier)
    {
        ArgumentNullException.ThrowIfNull(cases);
        ArgumentNullException.ThrowIfNull(classifier);
        ClassifiedClass[] classes = [.. classifier.Classes.Select((name, k) => new ClassifiedClass(
            name, cases.Count(c => c.Truth == k), Share(cases.Where(c => c.Truth == k)), RocCurve.Auc(Scores(cases, k), Truths(cases, k))))];
        var accuracy = Share(cases);
        var balanced = MeanStd.Of(classes.Select(c => c.Recall)).Mean;
        var crossEntropy = MeanStd.Of(cases.Select(c => -Math.Log(Math.Max(c.Probabilities[c.Truth], double.Epsilon)))).Mean;
        if (classes.Length != 2)
            return new ClassificationSummary(cases.Count, MeanStd.Of(classes.Select(c => c.Auc)).Mean, double.NaN, double.NaN, accuracy, balanced, crossEntropy, [], classes);

        var (scores, truths) = (Scores(cases, classifier.Positive), Truths(cases, classifier.Positive));
        var area = DeLong.Of(scores, truths);
        var (low, high) = area.Interval();
        var curve = double.IsNaN(area.Auc) ? null : RocCurve.Of(scores, truths);
        return new ClassificationSummary(
            cases.Count, area.Auc, low, high, accuracy, balanced, crossEntropy,
            [.. classifier.Specificities.Select(s => new SensitivityAtSpecificity(s, curve?.SensitivityAt(s) ?? double.NaN))], classes);
    }

    /// <summary>For example <c>AUC 0.871 (95 % interval 0.790 to 0.952), accuracy 0.840 over 98 cases</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(double.IsNaN(Auc) ? "AUC unknown (one class only)" : string.Create(CultureInfo.InvariantCulture, $"AUC {Auc:0.000}"));
        if (!double.IsNaN(AucLow))
            text.Append(CultureInfo.InvariantCulture, $" (95 % interval {AucLow:0.000} to {AucHigh:0.000})");
        return text.Append(CultureInfo.InvariantCulture, $", accuracy {Accuracy:0.000} over {Cases} {(Cases == 1 ? "case" : "cases")}").ToString();
    }

    private static double Share(IEnumerable<ClassifiedCase> cases) => MeanStd.Of(cases.Select(c => c.Predicted == c.Truth ? 1.0 : 0)).Mean;

    private static double[] Scores(IReadOnlyList<ClassifiedCase> cases, int k) => [.. cases.Select(c => c.Probabilities[k])];

    private static bool[] Truths(IReadOnlyList<ClassifiedCase> cases, int k) => [.. cases.Select(c => c.Truth == k)];
}

/// <summary>How many of the positive cases are found at a specificity.</summary>
/// <param name="Specificity">At least this share of the negative cases is called negative.</param>
/// <param name="Sensitivity">The largest share of the positive cases that any such threshold calls positive.</param>
public sealed record SensitivityAtSpecificity(double Specificity, double Sensitivity);

/// <summary>How well one class is told from the others.</summary>
/// <param name="Name">The class.</param>
/// <param name="Cases">Cases of it.</param>
/// <param name="Recall">Share of them whose likeliest class it is.</param>
/// <param name="Auc">Area under the ROC curve of it against all others.</param>
public sealed record ClassifiedClass(string Name, int Cases, double Recall, double Auc);
