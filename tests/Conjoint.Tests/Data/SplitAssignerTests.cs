using Conjoint.Data;

namespace Conjoint.Tests.Data;

public sealed class SplitAssignerTests
{
    private static readonly PrepareSettings s_settings = new();

    private static SplitCase Case(string subject, string? stated = null, string? content = null, string dataset = "d") =>
        new(dataset, subject, stated, content ?? Guid.NewGuid().ToString());

    [Theory]
    [InlineData(1, 1, 0, 0)]
    [InlineData(2, 2, 0, 0)]
    [InlineData(3, 1, 1, 1)]
    [InlineData(10, 6, 2, 2)]
    [InlineData(100, 70, 15, 15)]
    public void Subjects_are_divided_by_the_shares_and_training_keeps_one(int subjects, int train, int validation, int test)
    {
        var splits = SplitAssigner.Assign([.. Enumerable.Range(0, subjects).Select(i => Case($"s{i}"))], s_settings);
        Assert.Equal((train, validation, test), (splits.Count(s => s == "train"), splits.Count(s => s == "val"), splits.Count(s => s == "test")));
    }

    [Fact]
    public void Every_data_set_gets_its_shares()
    {
        var cases = Enumerable.Range(0, 40).Select(i => Case($"s{i}", dataset: i < 20 ? "a" : "b")).ToArray();
        var splits = SplitAssigner.Assign(cases, s_settings);
        Assert.Equal(3, splits[..20].Count(s => s == "test"));
        Assert.Equal(3, splits[20..].Count(s => s == "test"));
    }

    [Fact]
    public void Cases_of_a_subject_stay_together_in_any_order_and_the_seed_decides()
    {
        var cases = Enumerable.Range(0, 60).Select(i => Case($"s{i % 20}")).ToArray();
        var splits = SplitAssigner.Assign(cases, s_settings);
        for (var i = 20; i < 60; i++)
            Assert.Equal(splits[i % 20], splits[i]);
        var reversed = SplitAssigner.Assign([.. cases.Reverse()], s_settings);
        Assert.Equal(splits, reversed.Reverse());
        Assert.NotEqual(splits, SplitAssigner.Assign(cases, s_settings with { Seed = 1 }));
    }

    [Fact]
    public void New_subjects_leave_most_others_where_they_were()
    {
        var cases = Enumerable.Range(0, 110).Select(i => Case($"s{i}")).ToArray();
        var before = SplitAssigner.Assign(cases[..100], s_settings);
        var after = SplitAssigner.Assign(cases, s_settings);
        Assert.InRange(Enumerable.Range(0, 100).Count(i => before[i] != after[i]), 0, 12);
    }

    [Fact]
    public void What_is_stated_stands_and_the_rest_of_a_subject_follows()
    {
        Assert.Equal(["test", "test", "val"], SplitAssigner.Assign([Case("a", "test"), Case("a"), Case("b", "val")], s_settings));
    }

    [Fact]
    public void Equal_content_of_two_subjects_stays_in_one_split()
    {
        var cases = Enumerable.Range(0, 40).Select(i => Case($"s{i}", content: $"c{i / 2}")).ToArray();
        var splits = SplitAssigner.Assign(cases, s_settings);
        for (var i = 0; i < 40; i += 2)
            Assert.Equal(splits[i], splits[i + 1]);
        Assert.Equal(["test", "test"], SplitAssigner.Assign([Case("a", "test", "same"), Case("b", null, "same")], s_settings));
    }
}
