using System.Globalization;
using TorchSharp;

namespace Conjoint.Runtime;

/// <summary>The place where tensors are computed, from the user's word for it.</summary>
public static class ComputeDevice
{
    /// <summary>The words that <see cref="Resolve"/> takes, for help texts.</summary>
    public const string Allowed = "auto, cpu, cuda, cuda:N";

    /// <summary>
    /// <c>cpu</c>; <c>cuda</c> (device 0) or <c>cuda:N</c>, counted from 0; <c>auto</c> is CUDA device 0 where there is one,
    /// and the processor otherwise.
    /// </summary>
    /// <exception cref="ConfigurationException">Another word, or a device that this machine or this libtorch lacks.</exception>
    /// <exception cref="TensorLibraryException">The native tensor library cannot be loaded.</exception>
    public static torch.Device Resolve(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        var index = Parse(word);
        if (index == Cpu)
            return torch.CPU;

        NativeBoot.Require();
        var devices = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (index == Auto)
            return devices > 0 ? torch.device(DeviceType.CUDA, 0) : torch.CPU;
        if (devices == 0)
        {
            throw new ConfigurationException(
                $"device {word}: libtorch sees no CUDA device here; use cpu, or set {NativeBoot.EnvironmentVariable} to a libtorch " +
                $"{NativeBoot.SupportedVersion} with CUDA. 'conjoint doctor' tells what was found.");
        }

        if (index >= devices)
        {
            throw new ConfigurationException(
                $"device {word}: there {(devices == 1 ? "is 1 CUDA device" : $"are {devices} CUDA devices")}; expected cuda:0{(devices == 1 ? "" : $" to cuda:{devices - 1}")}.");
        }

        return torch.device(DeviceType.CUDA, index);
    }

    private const int Cpu = -1, Auto = -2;

    /// <summary>Checks the word without touching a device; a CUDA index or one of the two marks.</summary>
    internal static int Parse(string word)
    {
        switch (word)
        {
            case "auto":
                return Auto;
            case "cpu":
                return Cpu;
            case "cuda":
                return 0;
        }

        if (word.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(word.AsSpan("cuda:".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return index;
        throw new ConfigurationException($"device {word}: unknown device; expected one of {Allowed}.");
    }
}
