using Conjoint.Runtime;

namespace Conjoint.Tests.Runtime;

public class NearestWordTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("seed", "seed", 0)]
    [InlineData("sed", "seed", 1)]
    [InlineData("seeds", "seed", 1)]
    [InlineData("sede", "seed", 1)]
    [InlineData("SEED", "seed", 0)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    public void Edits_are_letters_more_less_other_or_swapped(string a, string b, int edits)
    {
        Assert.Equal(edits, NearestWord.Edits(a, b));
        Assert.Equal(edits, NearestWord.Edits(b, a));
    }

    [Theory]
    [InlineData("pretrian", "pretrain")]
    [InlineData("learnig_rate", "learning_rate")]
    [InlineData("xyzzy", null)]
    public void The_nearest_known_word_is_found_when_it_is_near(string word, string? expected) =>
        Assert.Equal(expected, NearestWord.Of(word, ["prepare", "pretrain", "learning_rate", "predict"]));

    [Fact]
    public void Nothing_is_near_when_nothing_is_known() => Assert.Null(NearestWord.Of("a", []));
}
