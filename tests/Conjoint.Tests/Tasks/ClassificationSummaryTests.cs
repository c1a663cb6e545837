using Conjoint.Tasks.Classification;

namespace Conjoint.Tests.Tasks;

public class ClassificationSummaryTests
{
    private static readonly ClassifierSettings s_two = new() { Classes = ["no", "yes"], Positive = 1, Specificities = [0.5, 1], HiddenWidth = 1 };

    /// <summary>Positives at 0.9, 0.6, 0.3 and negatives at 0.7, 0.2: of six pairs four are right.</summary>
    [Fact]
    public void Five_cases_by_hand()
    {
        var summary = ClassificationSummary.Of([Case(1, 0.9), Case(0, 0.7), Case(1, 0.6), Case(1, 0.3), Case(0, 0.2)], s_two);
        Assert.Equal(4 / 6.0, summary.Auc, 12);
        Assert.Equal(3 / 5.0, summary.Accuracy, 12); // 0.7 and 0.3 lie on the wrong side of a half
        Assert.Equal((2 / 3.0 + 1 / 2.0) / 2, summary.BalancedAccuracy, 12);
        // Half of the negatives may be called positive: any threshold down to above 0.2 finds all. None may: only 0.9 is found.
        Assert.Equal([1, 1 / 3.0], summary.Sensitivities.Select(s => s.Sensitivity));
        Assert.Equal([(2, 0.5), (3, 2 / 3.0)], summary.Classes.Select(c => (c.Cases, c.Recall)));
        Assert.Equal(-Math.Log(0.9 * 0.3 * 0.6 * 0.3 * 0.8) / 5, summary.CrossEntropy, 12);
        Assert.InRange(summary.Auc, summary.AucLow, summary.AucHigh);
    }

    [Fact]
    public void Three_classes_have_the_mean_of_each_against_the_rest()
    {
        var three = new ClassifierSettings { Classes = ["a", "b", "c"], HiddenWidth = 1 };
        ClassifiedCase[] cases = [new("1", 0, [0.8, 0.1, 0.1]), new("2", 1, [0.5, 0.3, 0.2]), new("3", 2, [0.1, 0.4, 0.5]), new("4", 0, [0.2, 0.2, 0.6])];
        var summary = ClassificationSummary.Of(cases, three);
        // a: 0.8 beats both others, 0.2 beats one of them; b: 0.3 beats 0.1 and 0.2, not 0.4; c: 0.5 beats 0.1 and 0.2, not 0.6.
        Assert.Equal((3 / 4.0 + 2 / 3.0 + 2 / 3.0) / 3, summary.Auc, 12);
        Assert.Equal(0.5, summary.Accuracy);
        Assert.Empty(summary.Sensitivities);
    }

    [Fact]
    public void What_a_set_of_one_class_or_of_nothing_cannot_tell_is_no_number()
    {
        foreach (var cases in new ClassifiedCase[][] { [], [Case(1, 0.9), Case(1, 0.4)] })
        {
            var summary = ClassificationSummary.Of(cases, s_two);
            Assert.True(double.IsNaN(summary.Auc) && double.IsNaN(summary.AucLow));
            Assert.All(summary.Sensitivities, s => Assert.True(double.IsNaN(s.Sensitivity)));
        }
    }

    [Fact]
    public void Ties_go_to_the_earlier_class() => Assert.Equal(0, new ClassifiedCase("x", 1, [0.4, 0.4, 0.2]).Predicted);

    private static ClassifiedCase Case(int truth, double positive) => new($"{truth}-{positive}", truth, [1 - positive, positive]);
}
