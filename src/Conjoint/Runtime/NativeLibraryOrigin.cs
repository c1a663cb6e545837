namespace Conjoint.Runtime;

/// <summary>Where the native tensor library comes from.</summary>
/// <param name="Folder">The folder with <c>libtorch_cpu.so</c> in it.</param>
/// <param name="WrapperFolder">The folder with <c>libLibTorchSharp.so</c> in it.</param>
/// <param name="Source">How it was found, in words: an environment variable, a published copy, the package folder.</param>
/// <param name="Version">The version that the folder itself states; null where it states none.</param>
public sealed record NativeLibraryOrigin(string Folder, string WrapperFolder, string Source, string? Version);
