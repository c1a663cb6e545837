using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden;

/// <summary>
/// Golden tensors, computed by PyTorch from the reference implementations: a small selection beside this file, the whole
/// collection where <c>shared/golden</c> lies beside the repository, and that of a folder that <c>CONJOINT_GOLDEN_DIR</c> names.
/// </summary>
/// <remarks>
/// One thread. The last bias of the release's position perceptron has gradient 0 in exact arithmetic, and LARC lets it decay or not as the
/// rounding is 0 or isn't, so that ten steps depend on the order of additions. Reference and this library add in the same order with one
/// thread; with two, the trajectories' sums differ in that one scalar, by 2 to 4 times what is allowed.
/// </remarks>
[Collection(GlobalGenerator.Name)]
public sealed class GoldenTests : IDisposable
{
    public const string FolderVariable = "CONJOINT_GOLDEN_DIR";

    private readonly ITestOutputHelper _output;
    private readonly int _threads = get_num_threads();

    public GoldenTests(ITestOutputHelper output)
    {
        _output = output;
        set_num_threads(1);
    }

    public void Dispose() => set_num_threads(_threads);

    [Fact]
    public void The_repository_s_cases_hold() => Run(Path.Combine(AppContext.BaseDirectory, "Golden", "Cases"));

    [Fact]
    public void The_cases_of_the_named_folder_hold()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
            Run(folder);
        else
            _output.WriteLine($"{FolderVariable} is not set: only the repository's cases were run.");
    }

    [Fact]
    public void The_cases_beside_the_repository_hold()
    {
        var folder = Path.GetFullPath(Path.Combine(Conjoint.TestSupport.Repository.Folder, "..", "shared", "golden"));
        if (Directory.Exists(folder))
            Run(folder, file => !IsOurs(file));
        else
            _output.WriteLine($"there is no {folder}: only the repository's cases were run.");
    }

    [Fact]
    public void A_missing_or_empty_folder_fails()
    {
        using var empty = new Conjoint.TestSupport.TemporaryFolder();
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Run(empty.Path));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Run(empty["missing"]));
    }

    [Fact]
    public void An_unknown_kind_fails()
    {
        using var folder = new Conjoint.TestSupport.TemporaryFolder();
        using var value = ones(1);
        Conjoint.Runtime.Safetensors.Write(folder["a.safetensors"], [new("out.y", value)], new Dictionary<string, string> { ["case"] = "never_heard_of" });
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Run(folder.Path));
    }

    [Fact]
    public void A_wrong_missing_or_unequal_output_is_noticed()
    {
        using var folder = new Conjoint.TestSupport.TemporaryFolder();
        using var scope = NewDisposeScope();
        var stored = new Dictionary<string, Tensor> { ["out.y"] = tensor(new float[] { 1, float.NaN, 3 }), ["out.i"] = tensor(new long[] { 7, 8 }) };
        Conjoint.Runtime.Safetensors.Write(folder["a.safetensors"], stored, new Dictionary<string, string>
        {
            ["case"] = "a",
            ["tolerance"] = """{"y": {"atol": 0.01, "max_abs": 3.0}, "i": {"exact": true}}""",
        });
        using var golden = new GoldenCase(folder["a.safetensors"], ScalarType.Float64);
        int Faults(double[] y, long[]? i = null) =>
            GoldenComparison.Faults(golden, new Dictionary<string, Tensor> { ["y"] = tensor(y), ["i"] = tensor(i ?? [7, 8]) }).Count();

        Assert.Equal(0, Faults([1, double.NaN, 3 + 2e-6]));
        Assert.Equal(1, Faults([1, double.NaN, 3 + 4e-6]));
        Assert.Equal(1, Faults([1, 2, 3]));
        Assert.Equal(1, Faults([double.NaN, double.NaN, 3]));
        Assert.Equal(1, Faults([1, double.NaN]));
        Assert.Equal(1, Faults([1, double.NaN, 3], [7, 9]));
        Assert.Equal(2, GoldenComparison.Faults(golden, new Dictionary<string, Tensor>()).Count());
    }

    /// <summary>Whether the repository holds the same case, which another test runs.</summary>
    private static bool IsOurs(string file) =>
        new FileInfo(Path.Combine(AppContext.BaseDirectory, "Golden", "Cases", Path.GetFileName(file))) is { Exists: true } ours
        && File.ReadAllBytes(ours.FullName).AsSpan().SequenceEqual(File.ReadAllBytes(file));

    private void Run(string folder, Func<string, bool>? choose = null)
    {
        Assert.True(Directory.Exists(folder), $"{folder}: there is no such folder of golden cases.");
        var files = Directory.GetFiles(folder, "*.safetensors").Order(StringComparer.Ordinal).ToArray();
        Assert.True(files.Length > 0, $"{folder}: no golden case (*.safetensors) in it.");

        var faults = new List<string>();
        var (run, passed) = (0, 0);
        foreach (var file in files.Where(f => choose?.Invoke(f) ?? true))
        {
            var watch = Stopwatch.StartNew();
            using var golden = new GoldenCase(file, ScalarType.Float64);
            if (GoldenKinds.Find(golden.Name) is not { } kind)
            {
                faults.Add($"{Path.GetFileName(file)}: no kind is known for the case '{golden.Name}'.");
                continue;
            }

            run++;
            var found = new[] { ScalarType.Float64, ScalarType.Float32 }.SelectMany(type => Check(file, kind, type)).ToList();
            passed += found.Count == 0 ? 1 : 0;
            faults.AddRange(found);
            _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{golden.Name}: {(found.Count == 0 ? "holds" : "FAILS")}, {watch.Elapsed.TotalSeconds:f1} s"));
        }

        var summary = $"golden cases in {folder}: found {files.Length}, run {run}, passed {passed}";
        _output.WriteLine(summary);
        Console.WriteLine(summary);
        Assert.True(faults.Count == 0, summary + Environment.NewLine + string.Join(Environment.NewLine, faults));
    }

    private static List<string> Check(string file, IGoldenKind kind, ScalarType type)
    {
        using var golden = new GoldenCase(file, type);
        using var scope = NewDisposeScope();
        try
        {
            return [.. GoldenComparison.Faults(golden, kind.Compute(golden))];
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidDataException or InvalidOperationException or KeyNotFoundException or FormatException or System.Runtime.InteropServices.ExternalException or Xunit.Sdk.XunitException)
        {
            // The other cases are worth knowing too.
            return [$"{golden.Name} ({type}): {exception}"];
        }
    }
}
