using Conjoint.Runtime;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Runtime;

public class OutputFolderTests
{
    [Fact]
    public void Folders_are_made_and_may_be_there_already()
    {
        using var folder = new TemporaryFolder();
        OutputFolder.Create(folder["a/b"]);
        OutputFolder.Create(folder["a/b"]);
        Assert.True(Directory.Exists(folder["a/b"]));
    }

    [Theory]
    [InlineData("taken", "is a file")]
    [InlineData("taken/inner", "can't be made a folder")]
    public void A_file_in_the_way_is_named(string name, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["taken"], "");
        var message = Assert.Throws<ConfigurationException>(() => OutputFolder.Create(folder[name])).Message;
        Assert.StartsWith($"{folder[name]}: {reason}", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
