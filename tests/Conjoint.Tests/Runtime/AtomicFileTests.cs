using Conjoint.Runtime;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Runtime;

public class AtomicFileTests
{
    [Fact]
    public void Content_takes_the_name_and_nothing_else_stays()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteText(folder["a.txt"], "first");
        AtomicFile.WriteText(folder["a.txt"], "é");
        Assert.Equal([0xC3, 0xA9], File.ReadAllBytes(folder["a.txt"]));
        Assert.Equal([folder["a.txt"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_failure_half_way_leaves_the_older_file_and_no_rest()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteText(folder["a.txt"], "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["a.txt"], stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(folder["a.txt"]));
        Assert.Equal([folder["a.txt"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void The_older_file_is_whole_while_the_new_one_is_written()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteText(folder["a.txt"], "old");
        AtomicFile.Write(folder["a.txt"], stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(folder["a.txt"]));
        });
        Assert.Equal("new", File.ReadAllText(folder["a.txt"]));
    }

    [Fact]
    public void Writers_that_meet_leave_one_whole_file()
    {
        using var folder = new TemporaryFolder();
        Parallel.For(0, 32, i => AtomicFile.Write(folder["a"], stream => stream.Write(Enumerable.Repeat((byte)i, 10_000).ToArray())));
        var bytes = File.ReadAllBytes(folder["a"]);
        Assert.Equal(10_000, bytes.Length);
        Assert.Single(bytes.Distinct());
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_missing_folder_is_an_io_error()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.WriteText(folder["none/a.txt"], ""));
        Assert.Throws<IOException>(() => AtomicFile.WriteText("/", ""));
    }
}
