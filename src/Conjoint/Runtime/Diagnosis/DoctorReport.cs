namespace Conjoint.Runtime.Diagnosis;

/// <summary>What a machine offers to Conjoint, and what to do about what is missing.</summary>
public sealed record DoctorReport
{
    /// <summary>This program.</summary>
    public required string ConjointVersion { get; init; }

    /// <summary>The .NET runtime that it runs on.</summary>
    public required string Dotnet { get; init; }

    /// <summary>The operating system.</summary>
    public required SystemFacts System { get; init; }

    /// <summary>The processor.</summary>
    public required ProcessorFacts Processor { get; init; }

    /// <summary>Memory.</summary>
    public required MemoryFacts Memory { get; init; }

    /// <summary>The native tensor library.</summary>
    public required TensorLibraryFacts TensorLibrary { get; init; }

    /// <summary>NVIDIA cards.</summary>
    public required CudaFacts Cuda { get; init; }

    /// <summary>The MPI library that several processes would talk through: <c>libmpi.so.40</c> (Open MPI) or <c>libmpi.so.12</c> (MPICH); null when there is none.</summary>
    public string? Mpi { get; init; }

    /// <summary>What to do, a sentence each; empty when nothing is missing.</summary>
    public required IReadOnlyList<string> Advice { get; init; }

    /// <summary>Whether tensors can be computed here at all.</summary>
    public bool CanCompute => TensorLibrary.Failure is null;
}

/// <summary>The operating system.</summary>
/// <param name="Name">Its own name for itself.</param>
/// <param name="Kernel">The kernel's version.</param>
/// <param name="Architecture"><c>X64</c> is the one that Conjoint computes on.</param>
/// <param name="NewestGlibcxx">The newest version that the C++ library offers, <c>GLIBCXX_3.4.30</c> for one; null when there is no library.</param>
public sealed record SystemFacts(string Name, string Kernel, string Architecture, string? NewestGlibcxx);

/// <summary>The processor.</summary>
/// <param name="Name">Its own name for itself; null where the system does not tell.</param>
/// <param name="Cores">Cores that this process may use.</param>
/// <param name="InstructionSets">Those of avx2, avx512f, avx512_bf16 and amx_bf16 that it has.</param>
/// <param name="HidesCaches">Whether it does not say how large its caches are, so that oneDNN, libtorch's library of convolutions, is told usual sizes.</param>
/// <param name="LacksOneDnn">Whether that could not be done, so that slower convolutions take its place.</param>
public sealed record ProcessorFacts(string? Name, int Cores, IReadOnlyList<string> InstructionSets, bool HidesCaches = false, bool LacksOneDnn = false);

/// <summary>Memory in bytes.</summary>
/// <param name="LimitBytes">What this process may use: the machine's, or less inside a container.</param>
/// <param name="AvailableBytes">What is free now on the machine; null where the system does not tell.</param>
public sealed record MemoryFacts(long LimitBytes, long? AvailableBytes);

/// <summary>The native tensor library.</summary>
/// <param name="Version">Its version; null when the folder states none.</param>
/// <param name="Source">How it was found; null when it was not.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="IsWrapperWeakened">Whether the C++ library is older than TorchSharp's wrapper asks for, so that a copy that asks for less was loaded.</param>
/// <param name="Threads">Threads that one operation uses; 0 when the library could not be loaded.</param>
/// <param name="Failure">Why it could not be loaded; null when it was.</param>
public sealed record TensorLibraryFacts(string? Version, string? Source, string? Folder, bool IsWrapperWeakened, int Threads, string? Failure);

/// <summary>NVIDIA cards.</summary>
/// <param name="Cards">The cards that the driver knows, by name.</param>
/// <param name="Devices">How many of them libtorch can compute on.</param>
public sealed record CudaFacts(IReadOnlyList<string> Cards, int Devices);
