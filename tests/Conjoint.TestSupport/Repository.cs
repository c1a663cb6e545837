namespace Conjoint.TestSupport;

/// <summary>The checkout that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder with the solution in it.</summary>
    public static string Folder { get; } = Find();

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Conjoint.slnx")))
                return folder;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has Conjoint.slnx in it; these tests run from a checkout.");
    }
}
