using System.Text.RegularExpressions;

namespace Conjoint.Runtime;

/// <summary>Finds the folders of the native tensor library; reads no library, loads nothing.</summary>
internal static partial class LibTorchLocator
{
    private const string MainLibrary = "libtorch_cpu.so";
    private const string Wrapper = "libLibTorchSharp.so";

    /// <exception cref="TensorLibraryException">There is none, or the one asked for is of another version.</exception>
    public static NativeLibraryOrigin Find()
    {
        var wrapperFolder = ShippedFolders().FirstOrDefault(f => File.Exists(Path.Combine(f.Folder, Wrapper))).Folder
            ?? throw new TensorLibraryException(
                $"{Wrapper} was found neither beside the program nor in the package folder; restore and build the project again.");

        if (Environment.GetEnvironmentVariable(NativeBoot.EnvironmentVariable) is { Length: > 0 } asked)
            return External(asked, wrapperFolder);

        foreach (var (folder, source) in ShippedFolders())
        {
            if (File.Exists(Path.Combine(folder, MainLibrary)))
                return new NativeLibraryOrigin(folder, wrapperFolder, source, VersionBeside(folder) ?? PackageVersion(folder));
        }

        throw new TensorLibraryException(
            $"{MainLibrary} was found neither beside the program nor in the package folder; restore and build the project again, " +
            $"or set {NativeBoot.EnvironmentVariable} to a libtorch {NativeBoot.SupportedVersion} folder.");
    }

    /// <summary>A libtorch folder, its <c>lib</c>, a Python environment's <c>site-packages</c> or its <c>torch</c> folder.</summary>
    internal static NativeLibraryOrigin External(string asked, string wrapperFolder)
    {
        string[] candidates = [asked, Path.Combine(asked, "lib"), Path.Combine(asked, "torch", "lib")];
        var folder = candidates.FirstOrDefault(f => File.Exists(Path.Combine(f, MainLibrary)))
            ?? throw new TensorLibraryException(
                $"{NativeBoot.EnvironmentVariable}={asked}: no {MainLibrary} there, in lib/ or in torch/lib/; " +
                $"expected a libtorch {NativeBoot.SupportedVersion} folder or a Python PyTorch installation's torch folder.");

        var version = VersionBeside(folder);
        // A wrapper that lies beside a libtorch was built against it: it goes before the shipped one, whatever the version.
        if (File.Exists(Path.Combine(folder, Wrapper)))
            return new NativeLibraryOrigin(Path.GetFullPath(folder), folder, $"{NativeBoot.EnvironmentVariable}={asked}", version);

        // The wrapper binds C++ symbols lazily: another version would load and then fail, or misread memory, at the first call.
        if (version is not null && !version.StartsWith(NativeBoot.SupportedVersion + ".", StringComparison.Ordinal))
        {
            throw new TensorLibraryException(
                $"{NativeBoot.EnvironmentVariable}={asked}: this is libtorch {version}; expected {NativeBoot.SupportedVersion}.x, or a {Wrapper} built against this one beside its libraries.");
        }

        return new NativeLibraryOrigin(Path.GetFullPath(folder), wrapperFolder, $"{NativeBoot.EnvironmentVariable}={asked}", version);
    }

    private static IEnumerable<(string Folder, string Source)> ShippedFolders()
    {
        yield return (Path.Combine(AppContext.BaseDirectory, "libtorch"), "published beside the program");
        yield return (AppContext.BaseDirectory, "the program's folder");
        if (AppContext.GetData("Conjoint.TorchSharpFolder") is string wrapper)
            yield return (wrapper, "the package folder");
        if (AppContext.GetData("Conjoint.LibTorchFolder") is string libtorch)
            yield return (libtorch, "the package folder");
    }

    /// <summary>The version that <c>torch/version.py</c> (Python) or <c>build-version</c> (libtorch archives) states.</summary>
    internal static string? VersionBeside(string folder)
    {
        var parent = Path.GetDirectoryName(Path.GetFullPath(folder))!;
        var python = Path.Combine(parent, "version.py");
        if (File.Exists(python) && PythonVersion().Match(File.ReadAllText(python)) is { Success: true } match)
            return match.Groups[1].Value;
        var archive = Path.Combine(parent, "build-version");
        return File.Exists(archive) ? File.ReadAllText(archive).Trim() : null;
    }

    /// <summary>The version in a package folder's path: <c>libtorch-cpu-linux-x64/2.10.0/runtimes/linux-x64/native</c>.</summary>
    private static string? PackageVersion(string folder) =>
        PackagePath().Match(folder.Replace('\\', '/')) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"__version__\s*(?::[^=]*)?=\s*'([^']+)'")]
    private static partial Regex PythonVersion();

    [GeneratedRegex(@"/libtorch-[^/]+/([0-9][^/]*)/runtimes/")]
    private static partial Regex PackagePath();
}
