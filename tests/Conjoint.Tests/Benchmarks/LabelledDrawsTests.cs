using Conjoint.Benchmarks.Learning;
using Conjoint.Data;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Segmentation;
using Conjoint.Tests.Tasks;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Benchmarks;

/// <summary>Who is learned from and scored on, at the sizes of the real protocol: 35 training, 9 validation, 8 test subjects.</summary>
public sealed class LabelledDrawsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PreparedStore _store;
    private readonly LearningSettings _settings = LearningSettings.Of("small");
    private readonly LabelledDraws _draws;

    public LabelledDrawsTests()
    {
        _store = SyntheticStore.Write(
            _folder["store"],
            [.. SyntheticStore.Subjects("a", 35, Split.Train), .. SyntheticStore.Subjects("v", 9, Split.Validation), .. SyntheticStore.Subjects("t", 8, Split.Test)],
            slices: 1);
        _draws = new LabelledDraws(_store, _settings);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_draw_is_scored_on_all_held_out_subjects()
    {
        for (var draw = 0; draw < _settings.Draws; draw++)
        {
            foreach (var labels in _settings.Labels)
            {
                Assert.Equal(17, _draws.Draw(draw, labels).Test.Count);
                Assert.All(_draws.Draw(draw, labels).Test, c => Assert.NotEqual(Split.Train, c.Split));
                Assert.All(_draws.Draw(draw, labels).Train, c => Assert.Equal(Split.Train, c.Split));
            }
        }
    }

    [Fact]
    public void Draws_are_nested_and_no_two_are_alike()
    {
        var seen = new HashSet<string>();
        for (var draw = 0; draw < _settings.Draws; draw++)
        {
            var (three, six, all) = (Subjects(draw, "3"), Subjects(draw, "6"), Subjects(draw, "all"));
            Assert.Equal((3, 6, 35), (three.Length, six.Length, all.Length));
            Assert.Subset(six.ToHashSet(), three.ToHashSet());
            Assert.True(seen.Add(string.Join(' ', three)));
        }
    }

    [Fact]
    public void Few_subjects_still_give_different_draws_or_are_refused()
    {
        using var small = SyntheticStore.Write(
            _folder["small"], [.. SyntheticStore.Subjects("a", 3, Split.Train), .. SyntheticStore.Subjects("t", 1, Split.Test)], slices: 1);
        var settings = _settings with { Labels = ["1"], SelectionSubjects = 2, Draws = 3 };
        var draws = new LabelledDraws(small, settings);
        Assert.Equal(["a0", "a1", "a2"], Enumerable.Range(0, 3).Select(d => draws.Draw(d, "1").Train.Single().Subject).Order());
        Assert.Throws<ConfigurationException>(() => new LabelledDraws(small, settings with { Draws = 4 }));
        Assert.Throws<ConfigurationException>(() => new LabelledDraws(small, settings with { SelectionSubjects = 3 }));
    }

    [Fact]
    public void Rates_are_chosen_on_training_subjects_outside_of_the_draw()
    {
        for (var selection = 0; selection < _settings.SelectionDraws; selection++)
        {
            var split = _draws.Selection(selection);
            Assert.Equal((3, 8), (split.Train.Count, split.Test.Count));
            Assert.All(split.Train.Concat(split.Test), c => Assert.Equal(Split.Train, c.Split));
            Assert.Empty(split.Train.Select(c => c.Subject).Intersect(split.Test.Select(c => c.Subject)));
        }
    }

    [Fact]
    public void A_subject_on_both_sides_and_a_case_without_mask_are_refused()
    {
        var cases = _store.Cases;
        Assert.Throws<ArgumentException>(() => new LabelledSplit([cases[0]], [cases[0]]));
        var strange = cases[0] with { MaskFile = null };
        Assert.Throws<ArgumentException>(() => SegmentationCases.Of(_store, new LabelledSplit([strange], [cases[1]])));
        Assert.Throws<ArgumentException>(() => SegmentationCases.Of(_store, new LabelledSplit([], [cases[1]])));
    }

    private string[] Subjects(int draw, string labels) => [.. _draws.Draw(draw, labels).Train.Select(c => c.Subject).Order(StringComparer.Ordinal)];
}
