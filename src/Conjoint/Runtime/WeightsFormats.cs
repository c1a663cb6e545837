using Conjoint.Imaging;

namespace Conjoint.Runtime;

/// <summary>Tells the formats of weights files apart.</summary>
public static class WeightsFormats
{
    private static readonly string[] s_pyTorchNames = [".pth", ".pt", ".pth.tar", ".ckpt", ".torch", ".bin"];

    /// <summary>Whether a file's name is that of weights: <c>.safetensors</c>, <c>.pth</c>, <c>.pt</c>, <c>.pth.tar</c>, <c>.ckpt</c>, <c>.torch</c>.</summary>
    public static bool HasName(string path) => OfName(path) is not null && !Ends(path, ".bin");

    /// <summary>The format that a file's name stands for; null for other names.</summary>
    public static WeightsFormat? OfName(string path) =>
        Ends(path, ".safetensors") ? WeightsFormat.Safetensors
        : s_pyTorchNames.Any(ending => Ends(path, ending)) ? WeightsFormat.PyTorch
        : null;

    /// <summary>The format of a file's content; where that begins like neither, of its name, and safetensors for other names.</summary>
    /// <exception cref="InputDataException">The file is missing or can't be opened.</exception>
    public static WeightsFormat Of(string path)
    {
        Span<byte> start = stackalloc byte[9];
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputDataException(path, File.Exists(path) ? exception.Message : "there is no such file.", exception);
        }

        return start switch
        {
            [_, _, _, _, 0, 0, 0, 0, (byte)'{'] => WeightsFormat.Safetensors,     // a header below 4 GiB
            [(byte)'P', (byte)'K', ..] or [0x80, >= 2 and <= 5, ..] => WeightsFormat.PyTorch,
            _ => OfName(path) ?? WeightsFormat.Safetensors,
        };
    }

    private static bool Ends(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
