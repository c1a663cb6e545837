using Conjoint.Imaging;
using Conjoint.Runtime.PyTorchFiles;
using static TorchSharp.torch;

namespace Conjoint.Runtime;

/// <summary>The tensors of a weights file of any format that can be read: safetensors, or a checkpoint of PyTorch.</summary>
/// <remarks>It owns its tensors: they live until it is disposed, whatever dispose scope is open. The content decides the format, not the name.</remarks>
public sealed class TensorFile : IDisposable
{
    private readonly IDisposable _owner;

    private TensorFile(string path, WeightsFormat format, IDisposable owner, IReadOnlyDictionary<string, Tensor> tensors, WeightsCard? card, string place) =>
        (Path, Format, _owner, Tensors, Card, Place) = (path, format, owner, tensors, card, place);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its format.</summary>
    public WeightsFormat Format { get; }

    /// <summary>The tensors by name, on the CPU, in the order of the file.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>What the file says about itself; null for files of other programs.</summary>
    public WeightsCard? Card { get; }

    /// <summary>The keys that lead to the tensors inside a checkpoint, such as <c>state_dict</c>; empty where they lie at the top.</summary>
    public string Place { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputDataException">Missing, damaged, or of another format.</exception>
    public static TensorFile Read(string path)
    {
        if (WeightsFormats.Of(path) == WeightsFormat.Safetensors)
        {
            var file = Safetensors.Read(path);
            return Own(file, () => new TensorFile(path, WeightsFormat.Safetensors, file, file.Tensors, WeightsFile.FindCard(path, file.Metadata), ""));
        }

        var checkpoint = PyTorchFile.Read(path);
        return Own(checkpoint, () => new TensorFile(
            path, WeightsFormat.PyTorch, checkpoint, checkpoint.Tensors, WeightsFile.ParseCard(path, checkpoint.Header.Card), checkpoint.Header.Place));
    }

    /// <summary>Frees every tensor.</summary>
    public void Dispose() => _owner.Dispose();

    private static TensorFile Own(IDisposable owner, Func<TensorFile> make)
    {
        try
        {
            return make();
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }
}
