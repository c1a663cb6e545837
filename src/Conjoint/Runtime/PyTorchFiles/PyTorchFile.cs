using Conjoint.Imaging;
using static TorchSharp.torch;

namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>The model in a checkpoint of PyTorch (<c>.pth</c>, <c>.pt</c>): its tensors in memory.</summary>
/// <remarks>
/// Read without executing anything: <see cref="PickleReader"/> knows a few names and gives each a meaning of its own. It owns the
/// tensors: they live until it is disposed, whatever dispose scope is open. Tensors that share numbers in the file share memory.
/// </remarks>
public sealed class PyTorchFile : IDisposable
{
    // Tied weights occur twice; a file of many views of the same numbers would become a much larger one when it is written out.
    private const int MostSharing = 4;

    private PyTorchFile(PyTorchHeader header, IReadOnlyDictionary<string, Tensor> tensors) => (Header, Tensors) = (header, tensors);

    /// <summary>Where the model lies in the checkpoint, and what it consists of.</summary>
    public PyTorchHeader Header { get; }

    /// <summary>The tensors by name, on the CPU, in the order of the file.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>Reads a checkpoint's model.</summary>
    /// <exception cref="InputDataException">Missing, damaged, of another format, or it holds more than plain values and tensors.</exception>
    public static PyTorchFile Read(string path)
    {
        using var container = TorchContainer.Open(path);
        var header = PyTorchHeader.Of(container);
        var storages = header.Tensors.Values.Select(t => t.Storage).Distinct().ToList();
        container.Check(storages);
        var (needed, stored) = (header.Tensors.Values.Sum(Bytes), storages.Sum(s => (double)s.Bytes));
        if (needed > MostSharing * stored)
            throw new InputDataException(path, $"its tensors overlap so much that {stored:0} bytes would become {needed:0}; expected at most {MostSharing} times as many.");

        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        var file = new PyTorchFile(header, tensors);
        try
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var read = new Dictionary<(TorchStorage, ScalarType), Tensor>();
            foreach (var (name, tensor) in header.Tensors)
            {
                if (!read.TryGetValue((tensor.Storage, tensor.Type), out var flat))
                    read.Add((tensor.Storage, tensor.Type), flat = Read(container, tensor));
                tensors.Add(name, flat.as_strided(tensor.Shape, tensor.Strides, tensor.Offset).DetachFromDisposeScope());
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Frees every tensor.</summary>
    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
            tensor.Dispose();
    }

    private static double Bytes(TorchTensor tensor) => (double)tensor.Count * SafetensorsTypes.Size(tensor.Type);

    private static Tensor Read(TorchContainer container, TorchTensor tensor)
    {
        var size = SafetensorsTypes.Size(tensor.Type);
        if (tensor.Storage.Bytes % size != 0)
            throw new InputDataException(container.Path, $"storage '{PickleReader.Printable(tensor.Storage.Key)}' has {tensor.Storage.Bytes} bytes, which are no whole elements of {size}.");
        var flat = empty([tensor.Storage.Bytes / size], tensor.Type);
        container.Read(tensor.Storage, flat);
        return flat;
    }
}
