namespace Conjoint.Runtime;

/// <summary>Where the native tensor library comes from.</summary>
/// <param name="Folder">The folder with <c>libtorch_cpu.so</c> in it.</param>
/// <param name="WrapperFolder">The folder with <c>libLibTorchSharp.so</c> in it.</param>
/// <param name="Source">How it was found, in words: an environment variable, a published copy, the package folder.</param>
/// <param name="Version">The version that the folder itself states; null where it states none.</param>
public sealed record NativeLibraryOrigin(string Folder, string WrapperFolder, string Source, string? Version)
{
    /// <summary>Whether this system's C++ library is older than the wrapper asks for, so that a copy that asks for less was loaded.</summary>
    public bool IsWrapperWeakened { get; init; }
}
