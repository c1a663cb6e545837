using System.Text.Json;
using Conjoint.Runtime.Diagnosis;

namespace Conjoint.Cli.Tests;

public class DoctorTests
{
    [Fact]
    public void It_tells_what_was_found()
    {
        var run = CliRun.Of("doctor");
        Assert.Equal(0, run.ExitCode);
        foreach (var word in (string[])["system", "C++ library", "processor", "instruction sets", "memory", "libtorch", "CUDA", "MPI"])
            Assert.Contains($"\n{word}", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void As_json_it_is_one_document()
    {
        var run = CliRun.Of("doctor", "--json");
        using var document = JsonDocument.Parse(run.Out);
        Assert.Equal("", run.Error);
        Assert.Equal(Environment.ProcessorCount, document.RootElement.GetProperty("processor").GetProperty("cores").GetInt32());
        Assert.True(document.RootElement.GetProperty("can_compute").GetBoolean());
    }

    private static DoctorReport Healthy => new()
    {
        ConjointVersion = "0.1.0",
        Dotnet = ".NET 10",
        System = new SystemFacts("Debian", "6.1", "X64", "GLIBCXX_3.4.30"),
        Processor = new ProcessorFacts("A processor", 8, ["avx2"]),
        Memory = new MemoryFacts(16L << 30, 12L << 30),
        TensorLibrary = new TensorLibraryFacts("2.10.0", "the package folder", "/packages", IsWrapperWeakened: true, Threads: 8, Failure: null),
        Cuda = new CudaFacts(["NVIDIA card"], 1),
        Mpi = "libmpi.so.40",
        Advice = [],
    };

    [Fact]
    public void A_healthy_machine_needs_no_advice()
    {
        Assert.Empty(DoctorAdvice.For(Healthy));
        Assert.EndsWith("\nNothing is missing.\n", DoctorText.Write(Healthy), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_comes_with_what_to_do()
    {
        Assert.Contains("CONJOINT_LIBTORCH", Assert.Single(DoctorAdvice.For(Healthy with { Cuda = new CudaFacts(["NVIDIA card"], 0) })), StringComparison.Ordinal);
        Assert.Contains("AVX2", Assert.Single(DoctorAdvice.For(Healthy with { Processor = new ProcessorFacts(null, 1, []) })), StringComparison.Ordinal);
        Assert.Contains("caches", Assert.Single(DoctorAdvice.For(Healthy with { Processor = new ProcessorFacts(null, 2, ["avx2"], HidesCaches: true, LacksOneDnn: true) })), StringComparison.Ordinal);
        Assert.Empty(DoctorAdvice.For(Healthy with { Processor = new ProcessorFacts(null, 2, ["avx2"], HidesCaches: true) }));
        Assert.Contains("2.0 GiB", Assert.Single(DoctorAdvice.For(Healthy with { Memory = new MemoryFacts(2L << 30, null) })), StringComparison.Ordinal);
        Assert.Contains("1.0 GiB", Assert.Single(DoctorAdvice.For(Healthy with { Memory = new MemoryFacts(16L << 30, 1L << 30) })), StringComparison.Ordinal);
        Assert.Contains("Open MPI", Assert.Single(DoctorAdvice.For(Healthy with { Mpi = null })), StringComparison.Ordinal);
        Assert.Equal("no library", Assert.Single(DoctorAdvice.For(Healthy with { TensorLibrary = new TensorLibraryFacts(null, null, null, false, 0, "no library") })));
    }

    [Theory]
    [InlineData("GLIBCXX_3.4\0GLIBCXX_3.4.9\0GLIBCXX_3.4.30\0GLIBCXX_DEBUG_MESSAGE_LENGTH\0", "GLIBCXX_3.4.30")]
    [InlineData("nothing", null)]
    public void The_newest_version_counts_by_number(string library, string? expected) =>
        Assert.Equal(expected, LinuxFacts.NewestGlibcxx(System.Text.Encoding.ASCII.GetBytes(library)));
}
