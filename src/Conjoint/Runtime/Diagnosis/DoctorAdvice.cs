namespace Conjoint.Runtime.Diagnosis;

/// <summary>From findings to what the person can do.</summary>
internal static class DoctorAdvice
{
    // What the demo needs at its peak.
    private const long DemoBytes = 4L << 30;

    public static IEnumerable<string> For(DoctorReport report)
    {
        if (report.TensorLibrary.Failure is { } failure)
            yield return failure;
        else if (report.Cuda is { Cards.Count: > 0, Devices: 0 })
            yield return $"There is an NVIDIA card, but this libtorch has no CUDA: set {NativeBoot.EnvironmentVariable} to a libtorch {NativeBoot.SupportedVersion} with CUDA or to a Python environment's torch folder, or build with -p:TorchBackend=cuda.";

        if (!report.Processor.InstructionSets.Contains("avx2"))
            yield return "The processor has no AVX2: everything works, several times slower.";
        if (report.Processor.LacksOneDnn)
            yield return "The processor, or the virtual machine, hides the sizes of its caches, and libtorch's fastest convolutions compute wrongly then: slower ones take their place. Take --precision fp32, the default, or another machine.";
        if (report.Memory.LimitBytes < DemoBytes)
            yield return $"The memory limit is {GiB(report.Memory.LimitBytes)}: 'conjoint demo' needs 4 GB; lift the container's limit or use a larger machine.";
        else if (report.Memory.AvailableBytes < DemoBytes)
            yield return $"Only {GiB(report.Memory.AvailableBytes.Value)} of memory are free now: 'conjoint demo' needs 4 GB; end other programs first.";
        if (report.Mpi is null)
            yield return "No MPI library: nothing is lost, since training runs in one process so far. Open MPI can be installed with: apt install openmpi-bin.";
    }

    internal static string GiB(long bytes) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB");
}
