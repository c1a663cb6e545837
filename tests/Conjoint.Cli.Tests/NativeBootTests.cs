using System.Text.Json;
using Conjoint.Runtime;
using Conjoint.TestSupport;

namespace Conjoint.Cli.Tests;

/// <summary>The native tensor library is found, from wherever it is to come, in a process that starts afresh.</summary>
public class NativeBootTests
{
    private static JsonElement Library(CliRun run)
    {
        Assert.True(run.ExitCode == 0, run.Error + run.Out);
        using var document = JsonDocument.Parse(run.Out);
        return document.RootElement.GetProperty("tensor_library").Clone();
    }

    private static CliRun DoctorWith(string? libtorch) =>
        CliRun.OfProcess(new Dictionary<string, string?> { [NativeBoot.EnvironmentVariable] = libtorch }, "doctor", "--json");

    /// <summary>Another libtorch, as far as the dynamic linker can tell: the same files under other paths.</summary>
    private static void LinkLibTorch(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(NativeBoot.Origin!.Folder, "*.so*"))
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
    }

    [Fact]
    public void By_default_it_comes_from_the_restored_package()
    {
        var library = Library(DoctorWith(null));
        Assert.Equal("the package folder", library.GetProperty("source").GetString());
        Assert.StartsWith(NativeBoot.SupportedVersion + ".", library.GetProperty("version").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lib")]
    [InlineData("torch/lib")]
    [InlineData("")]
    public void The_environment_variable_names_another(string inside)
    {
        using var folder = new TemporaryFolder();
        var lib = Path.Combine(folder.Path, inside);
        LinkLibTorch(lib);
        // Were the shipped library loaded as well, the process would abort when both register their backends.
        var library = Library(DoctorWith(folder.Path));
        Assert.Equal(Path.GetFullPath(lib).TrimEnd('/'), library.GetProperty("folder").GetString()!.TrimEnd('/'));
        Assert.Equal($"CONJOINT_LIBTORCH={folder.Path}", library.GetProperty("source").GetString());
        Assert.True(library.GetProperty("threads").GetInt32() > 0);
    }

    [Fact]
    public void A_second_copy_of_the_library_is_loaded_instead_of_the_shipped_one()
    {
        // Copies, where links would do: the linker knows a linked file again, and two true copies are what makes a process abort.
        using var folder = new TemporaryFolder();
        foreach (var pattern in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so", "libgomp*.so*" })
        {
            foreach (var file in Directory.GetFiles(NativeBoot.Origin!.Folder, pattern))
                File.Copy(file, folder[Path.GetFileName(file)]);
        }

        Assert.True(Library(DoctorWith(folder.Path)).GetProperty("threads").GetInt32() > 0);
    }

    [Theory]
    [InlineData("version.py", "__version__ = '2.9.1+cpu'\n", "2.9.1+cpu")]
    [InlineData("version.py", "from typing import Optional\n__version__: str = '2.1.0'\n", "2.1.0")]
    [InlineData("build-version", "2.11.0+cu128\n", "2.11.0+cu128")]
    public void Another_version_is_refused_with_a_sentence(string file, string content, string version)
    {
        using var folder = new TemporaryFolder();
        LinkLibTorch(folder["lib"]);
        File.WriteAllText(folder[file], content);
        var run = DoctorWith(folder.Path);
        Assert.Equal(1, run.ExitCode);
        using var document = JsonDocument.Parse(run.Out);
        Assert.Equal(
            $"CONJOINT_LIBTORCH={folder.Path}: this is libtorch {version}; expected 2.10.x, or a libLibTorchSharp.so built against this one beside its libraries.",
            document.RootElement.GetProperty("advice")[0].GetString());
    }

    [Fact]
    public void A_fitting_version_is_taken()
    {
        using var folder = new TemporaryFolder();
        LinkLibTorch(folder["lib"]);
        File.WriteAllText(folder["version.py"], "__version__ = '2.10.1+cu128'\n");
        Assert.Equal("2.10.1+cu128", Library(DoctorWith(folder.Path)).GetProperty("version").GetString());
    }

    [Fact]
    public void A_wrapper_beside_the_library_makes_any_version_fit()
    {
        using var folder = new TemporaryFolder();
        LinkLibTorch(folder["lib"]);
        File.WriteAllText(folder["version.py"], "__version__ = '2.11.0+cu130'\n");
        File.CreateSymbolicLink(folder["lib/libLibTorchSharp.so"], Path.Combine(NativeBoot.Origin!.WrapperFolder, "libLibTorchSharp.so"));
        Assert.Equal("2.11.0+cu130", Library(DoctorWith(folder.Path)).GetProperty("version").GetString());
    }

    [Fact]
    public void A_folder_without_the_library_is_refused_with_a_sentence()
    {
        using var folder = new TemporaryFolder();
        var run = DoctorWith(folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"CONJOINT_LIBTORCH={folder.Path}: no libtorch_cpu.so there", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_library_is_refused_with_a_sentence()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["libtorch_cpu.so"], "no library");
        var run = DoctorWith(folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("libtorch_cpu.so: the native tensor library could not be loaded", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void No_build_copies_the_native_library()
    {
        var copies =
            from project in Directory.GetFiles(Repository.Folder, "*.csproj", SearchOption.AllDirectories)
            let output = Path.Combine(Path.GetDirectoryName(project)!, "bin")
            where Directory.Exists(output)
            from file in Directory.EnumerateFiles(output, "*.so*", SearchOption.AllDirectories)
            let name = Path.GetFileName(file)
            where name.StartsWith("libtorch", StringComparison.Ordinal) || name.StartsWith("libc10", StringComparison.Ordinal) || name.StartsWith("libLibTorch", StringComparison.Ordinal)
            where !file.Contains("/publish/", StringComparison.Ordinal)
            select file;
        Assert.Empty(copies);
    }

    [Fact]
    public void The_cuda_backend_takes_the_cuda_package_and_leaves_the_lock_files_alone()
    {
        var evaluated = ChildProcess.Dotnet(
            ["msbuild", "src/Conjoint.Cli/Conjoint.Cli.csproj", "-p:TorchBackend=cuda", "-getItem:PackageReference", "-getProperty:RestorePackagesWithLockFile"],
            folder: Repository.Folder);
        Assert.True(evaluated.ExitCode == 0, evaluated.Error + evaluated.Out);
        using var document = JsonDocument.Parse(evaluated.Out);
        var packages = document.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray().Select(p => p.GetProperty("Identity").GetString()).ToList();
        Assert.Contains("libtorch-cuda-12.8-linux-x64", packages);
        Assert.DoesNotContain("libtorch-cpu-linux-x64", packages);
        Assert.NotEqual("true", document.RootElement.GetProperty("Properties").GetProperty("RestorePackagesWithLockFile").GetString());
    }
}
