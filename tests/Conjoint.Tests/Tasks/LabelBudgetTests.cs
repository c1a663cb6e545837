using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Segmentation;

namespace Conjoint.Tests.Tasks;

public sealed class LabelBudgetTests
{
    private static readonly string[] s_subjects = [.. Enumerable.Range(0, 13).Select(i => $"s{i:00}")];

    [Theory]
    [InlineData("all", 13)]
    [InlineData("3", 3)]
    [InlineData("20%", 3)]      // 2.6
    [InlineData("1%", 1)]       // 0.13, at least one
    [InlineData("100%", 13)]
    [InlineData("12.5%", 2)]    // 1.625
    public void Counts_and_shares_are_of_subjects(string text, int expected) =>
        Assert.Equal(expected, LabelBudget.Parse(text).Draw(s_subjects.Concat(s_subjects), seed: 1).Count);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0%")]
    [InlineData("101%")]
    [InlineData("three")]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("2.5")]
    public void Anything_else_is_refused(string text)
    {
        Assert.Throws<ConfigurationException>(() => LabelBudget.Parse(text));
        var problem = Assert.Single(new SegmentationSettings { Labels = text }.Problems());
        Assert.Equal(("labels", $"received '{text}'; expected a count of subjects such as 3, a share such as 20%, or all"), (problem.Key, problem.Message));
    }

    [Fact]
    public void More_subjects_than_there_are_is_an_error_that_says_how_many_there_are() =>
        Assert.Contains("13", Assert.Throws<ConfigurationException>(() => LabelBudget.Parse("14").Draw(s_subjects, 0)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_seed_draws_nested_sets_whatever_the_order_and_seeds_differ()
    {
        var three = LabelBudget.Parse("3").Draw(s_subjects, seed: 5);
        var six = LabelBudget.Parse("6").Draw(s_subjects.Reverse(), seed: 5);
        Assert.Subset(six.ToHashSet(), three.ToHashSet());
        Assert.Contains(Enumerable.Range(0, 20), s => !LabelBudget.Parse("3").Draw(s_subjects, s).SetEquals(three));
    }
}
