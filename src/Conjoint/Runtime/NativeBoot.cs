using System.Runtime.InteropServices;

namespace Conjoint.Runtime;

/// <summary>
/// Loads libtorch and TorchSharp's wrapper by absolute path, before TorchSharp looks for them itself.
/// </summary>
/// <remarks>
/// <para>
/// Search order: the environment variable <c>CONJOINT_LIBTORCH</c>, <c>libtorch/</c> beside the program (a published copy),
/// the program's own folder, and the folders of the restored packages that the build wrote into the run-time configuration.
/// </para>
/// <para>
/// Once a library of a name is loaded, the dynamic linker answers every later request for that name with it, so that
/// nothing else has to be hooked.
/// </para>
/// </remarks>
public static class NativeBoot
{
    /// <summary>The environment variable that names another libtorch or a Python installation's <c>torch</c> folder.</summary>
    public const string EnvironmentVariable = "CONJOINT_LIBTORCH";

    /// <summary>The libtorch versions whose C++ interface TorchSharp's wrapper was built against.</summary>
    public const string SupportedVersion = "2.10";

    private const string Wrapper = "libLibTorchSharp.so";

    // The order is that of their dependencies; CUDA has to be there before the first question about devices.
    private static readonly string[] s_libraries =
        ["libgomp*.so*", "libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"];

    private static readonly Lock s_gate = new();

    /// <summary>Where the library was loaded from; null before loading and after a failure.</summary>
    public static NativeLibraryOrigin? Origin { get; private set; }

    /// <summary>Why loading failed, for the person at the terminal; null when it did not.</summary>
    public static string? Failure { get; private set; }

    /// <summary>Loads the library unless that was done or tried before. Never throws; see <see cref="Failure"/>.</summary>
    /// <returns>Whether tensors can be used.</returns>
    public static bool TryLoad()
    {
        lock (s_gate)
        {
            if (Origin is null && Failure is null)
                Load();
            return Origin is not null;
        }
    }

    /// <summary>Loads the library or tells why it cannot be.</summary>
    /// <exception cref="TensorLibraryException">The library was not found, or is not one that can be used.</exception>
    public static void Require()
    {
        if (!TryLoad())
            throw new TensorLibraryException(Failure!);
    }

    private static void Load()
    {
        try
        {
            if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            {
                Failure = $"Conjoint's tensors run on Linux x64; this is {RuntimeInformation.RuntimeIdentifier}.";
                return;
            }

            // libgomp reads this once, when it is loaded; .NET's own copy of the environment does not reach it.
            // Waiting threads that sleep leave the cores to the data loader.
            _ = SetEnvironment("OMP_WAIT_POLICY", "passive", 0);

            var origin = LibTorchLocator.Find();
            foreach (var pattern in s_libraries)
            {
                foreach (var file in Directory.GetFiles(origin.Folder, pattern))
                    LoadLibrary(file);
            }

            CacheTopology.MakeUp(Path.Combine(origin.Folder, "libtorch_cpu.so"));
            var isWeakened = LoadWrapper(Path.Combine(origin.WrapperFolder, Wrapper));
            Origin = origin with { IsWrapperWeakened = isWeakened };
        }
        catch (TensorLibraryException exception)
        {
            Failure = exception.Message;
        }
    }

    private static void LoadLibrary(string file)
    {
        try
        {
            NativeLibrary.Load(file);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new TensorLibraryException($"{file}: the native tensor library could not be loaded ({exception.Message}).", exception);
        }
    }

    /// <summary>The wrapper as it is, or, on a system with an older C++ library, a copy that asks for less.</summary>
    /// <returns>Whether it had to be the copy.</returns>
    private static bool LoadWrapper(string file)
    {
        if (NativeLibrary.TryLoad(file, out _))
            return false;
        LoadLibrary(WeakenedWrapper.For(file));
        return true;
    }

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnvironment(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
