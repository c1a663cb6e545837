using Conjoint.Tasks.Metrics;

namespace Conjoint.Tasks.Probing;

/// <summary>Fits the two probes to some features, and scores them.</summary>
internal sealed class ProbeScoring(ProbeCases cases, IReadOnlyList<int> neighbours)
{
    private const int ShareDecimals = 9;

    private readonly bool _isClasses = cases.Classes.Count > 0;

    /// <summary>The linear and the k-NN probe of some features.</summary>
    /// <param name="name">One of <see cref="ProbeFeatureNames"/>.</param>
    /// <param name="train">[n][F], in the order of the training cases.</param>
    /// <param name="validation">[v][F].</param>
    /// <param name="test">[m][F].</param>
    public IEnumerable<ProbeScore> Of(string name, float[][] train, float[][] validation, float[][] test)
    {
        (IReadOnlyList<float[]>, IReadOnlyList<double[]>)? held = cases.CanChoose ? (validation, Targets(cases.Validation)) : null;
        double[][] targets = Targets(cases.Train);
        string[] subjects = [.. cases.Train.Select(c => c.Subject)];
        var linear = RidgeRegression.Fit(train, targets, subjects, held);
        yield return Score(name, ProbeScore.Linear, train[0].Length, [.. test.Select(linear.PredictAll)]) with { Strength = linear.Strength };
        var knn = NearestNeighbours.Fit(train, targets, subjects, neighbours, held);
        yield return Score(name, ProbeScore.Knn, train[0].Length, [.. test.Select(knn.PredictAll).Select(Shares)]) with { Neighbours = knn.Neighbours };
    }

    /// <summary>Shares of votes to nine decimals: cases with the same neighbours' votes tie then, whatever the order of the sum.</summary>
    private double[] Shares(double[] votes) => _isClasses ? [.. votes.Select(v => Math.Round(v, ShareDecimals))] : votes;

    /// <summary>The scores of the weights' features beside those of the untrained encoders': how much of them the training made.</summary>
    public IReadOnlyList<ProbeScore> Compare(IReadOnlyList<ProbeScore> scores) => [.. scores.Select(score => score.Features switch
    {
        ProbeFeatureNames.Slices => Over(score, scores, ProbeFeatureNames.UntrainedSlices),
        ProbeFeatureNames.Volume => Over(score, scores, ProbeFeatureNames.UntrainedVolume),
        _ => score,
    })];

    private ProbeScore Over(ProbeScore score, IReadOnlyList<ProbeScore> scores, string untrained)
    {
        if (cases.Classes.Count != 2 || scores.FirstOrDefault(s => s.Features == untrained && s.Probe == score.Probe) is not { } other)
            return score;
        var difference = DeLong.Difference(Wanted(score.Cases), Wanted(other.Cases), [.. score.Cases.Select(c => (int)c.Truth == cases.Positive)]);
        var (low, high) = difference.Interval();
        return score with { OverUntrained = difference.Difference, OverUntrainedLow = low, OverUntrainedHigh = high };
    }

    private double[] Wanted(IReadOnlyList<ProbedCase> probed) => [.. probed.Select(c => c.Scores[cases.Positive])];

    /// <summary>One-hot classes, or numbers.</summary>
    private double[][] Targets(IReadOnlyList<Data.StoreCase> some) => [.. some.Select(c => _isClasses
        ? Enumerable.Range(0, cases.Classes.Count).Select(k => k == (int)cases.TargetOf(c) ? 1.0 : 0).ToArray()
        : [cases.TargetOf(c)])];

    private ProbeScore Score(string name, string probe, int width, double[][] told)
    {
        ProbedCase[] probed = [.. cases.Test.Zip(told, (c, scores) => new ProbedCase(c.Id, cases.TargetOf(c), scores))];
        var empty = new ProbeScore(
            name, width, probe, null, null, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, probed);
        return _isClasses ? Classes(empty) : Numbers(empty);
    }

    private ProbeScore Classes(ProbeScore score)
    {
        var probed = score.Cases;
        bool[] isRight = [.. probed.Select(c => c.Scores.Index().MaxBy(s => s.Item).Index == (int)c.Truth)];
        score = score with
        {
            Accuracy = isRight.Average(right => right ? 1.0 : 0),
            BalancedAccuracy = probed.Zip(isRight).GroupBy(c => c.First.Truth).Average(ofClass => ofClass.Average(c => c.Second ? 1.0 : 0)),
        };
        if (cases.Classes.Count != 2)
            return score with { Auc = MeanStd.Of(cases.Classes.Select((_, k) => RocCurve.Auc([.. probed.Select(c => c.Scores[k])], [.. probed.Select(c => (int)c.Truth == k)]))).Mean };
        var area = DeLong.Of(Wanted(probed), [.. probed.Select(c => (int)c.Truth == cases.Positive)]);
        var (low, high) = area.Interval();
        return score with { Auc = area.Auc, AucLow = low, AucHigh = high };
    }

    private static ProbeScore Numbers(ProbeScore score)
    {
        double[] told = [.. score.Cases.Select(c => c.Scores[0])], truth = [.. score.Cases.Select(c => c.Truth)];
        var (toldMean, truthMean) = (told.Average(), truth.Average());
        var (toldSquares, truthSquares) = (told.Sum(t => (t - toldMean) * (t - toldMean)), truth.Sum(t => (t - truthMean) * (t - truthMean)));
        return score with
        {
            Pearson = toldSquares > 0 && truthSquares > 0 ? told.Zip(truth, (p, t) => (p - toldMean) * (t - truthMean)).Sum() / Math.Sqrt(toldSquares * truthSquares) : double.NaN,
            MeanAbsoluteError = told.Zip(truth, (p, t) => Math.Abs(p - t)).Average(),
            R2 = truthSquares > 0 ? 1 - told.Zip(truth, (p, t) => (p - t) * (p - t)).Sum() / truthSquares : double.NaN,
        };
    }
}
