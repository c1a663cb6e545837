using Conjoint.Imaging;
using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Training;

/// <summary>The weights that a user names: none (<c>scratch</c>), a file of any format that <see cref="TensorFile"/> reads, or a run's folder.</summary>
internal sealed class WeightsSource : IDisposable
{
    /// <summary>The word for training from random first weights.</summary>
    public const string Scratch = "scratch";

    private readonly TensorFile _file;

    private WeightsSource(TensorFile file)
    {
        _file = file;
        (Tensors, Card) = ReleasedCheckpoint.Recognise(file) ?? (file.Tensors, file.Card);
    }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>What the file says about itself; null for files of other programs, but for checkpoints of the authors' release.</summary>
    public WeightsCard? Card { get; }

    /// <summary>The tensors by name, on the CPU; under our names where the file is a joint checkpoint of the authors' release.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>Opens the weights; null for <c>scratch</c>.</summary>
    /// <exception cref="InputDataException">There are no such weights, or they can't be read.</exception>
    public static WeightsSource? Open(string weights)
    {
        return Find(weights) is { } path ? new WeightsSource(TensorFile.Read(path)) : null;
    }

    /// <summary>The file that a user's word stands for; null for <c>scratch</c>.</summary>
    /// <exception cref="InputDataException">There is no such file.</exception>
    public static string? Find(string weights)
    {
        ArgumentException.ThrowIfNullOrEmpty(weights);
        if (weights == Scratch)
            return null;
        if (Directory.Exists(weights))
        {
            var inRun = new RunFolder(weights).Weights;
            return File.Exists(inRun)
                ? inRun
                : throw new InputDataException(weights, "a folder without weights.safetensors; expected a finished run, a weights file, or scratch.");
        }

        return File.Exists(weights)
            ? weights
            : throw new InputDataException(weights, "no such file; expected a weights file, a finished run's folder, or scratch.");
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
