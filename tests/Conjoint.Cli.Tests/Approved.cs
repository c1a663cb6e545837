using Conjoint.TestSupport;

namespace Conjoint.Cli.Tests;

/// <summary>Output that was read and found good, kept as text files in <c>Expectations/</c>.</summary>
/// <remarks>With <c>CONJOINT_APPROVE=1</c> in the environment the files are written anew: read the difference before it is committed.</remarks>
internal static class Approved
{
    private static string Folder => Path.Combine(Repository.Folder, "tests", "Conjoint.Cli.Tests", "Expectations");

    public static IEnumerable<string> Names => Directory.GetFiles(Folder, "*.txt").Select(Path.GetFileNameWithoutExtension)!;

    public static void Verify(string name, string actual)
    {
        var file = Path.Combine(Folder, name + ".txt");
        if (Environment.GetEnvironmentVariable("CONJOINT_APPROVE") == "1")
            File.WriteAllText(file, actual);
        Assert.True(File.Exists(file), $"{file} is missing; run with CONJOINT_APPROVE=1 and read what it writes.");
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
