// Linked into every executable that uses tensors, tests included (Directory.Build.targets): the native library has to be
// loaded before the first TorchSharp type is touched, and only an initializer of the starting assembly is early enough.
namespace Conjoint;

internal static class NativeBootInitializer
{
#pragma warning disable CA2255 // an executable's own start, which is what module initializers are for
    [System.Runtime.CompilerServices.ModuleInitializer]
    internal static void Initialize() => Conjoint.Runtime.NativeBoot.TryLoad();
#pragma warning restore CA2255
}
