namespace Conjoint.TestSupport;

/// <summary>An empty folder of the test's own, removed with everything in it when the test ends.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("conjoint-test-").FullName;

    public string Path { get; }

    /// <summary>The full path of a file or folder inside.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
