using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Conjoint.Runtime.Diagnosis;

/// <summary>Looks at the machine that Conjoint runs on.</summary>
public static class Doctor
{
    private static readonly string[] s_mpiLibraries = ["libmpi.so.40", "libmpi.so.12", "libmpich.so.12"];

    /// <summary>Looks; changes nothing. Loads the tensor library if that was not done yet.</summary>
    public static DoctorReport Examine()
    {
        _ = NativeBoot.TryLoad();
        var report = new DoctorReport
        {
            ConjointVersion = ConjointVersion.Current,
            Dotnet = RuntimeInformation.FrameworkDescription,
            System = new SystemFacts(
                LinuxFacts.SystemName() ?? RuntimeInformation.OSDescription, Environment.OSVersion.Version.ToString(),
                RuntimeInformation.ProcessArchitecture.ToString(), LinuxFacts.NewestGlibcxx()),
            Processor = LinuxFacts.Processor(),
            Memory = new MemoryFacts(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, LinuxFacts.AvailableMemory()),
            TensorLibrary = TensorLibrary(),
            Cuda = new CudaFacts(LinuxFacts.NvidiaCards(), NativeBoot.TryLoad() ? CudaDevices() : 0),
            Mpi = s_mpiLibraries.FirstOrDefault(CanLoad),
            Advice = [],
        };
        return report with { Advice = [.. DoctorAdvice.For(report)] };
    }

    private static TensorLibraryFacts TensorLibrary() => NativeBoot.TryLoad()
        ? new(NativeBoot.Origin!.Version, NativeBoot.Origin.Source, NativeBoot.Origin.Folder, NativeBoot.Origin.IsWrapperWeakened, Threads(), null)
        : new(null, null, null, false, 0, NativeBoot.Failure);

    // Methods of their own, so that no TorchSharp type is touched where the library could not be loaded.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Threads() => torch.get_num_threads();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int CudaDevices() => torch.cuda.is_available() ? torch.cuda.device_count() : 0;

    private static bool CanLoad(string library)
    {
        if (!NativeLibrary.TryLoad(library, out var handle))
            return false;
        NativeLibrary.Free(handle);
        return true;
    }
}
