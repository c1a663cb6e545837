using Conjoint.Imaging;

namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>The model in a checkpoint of PyTorch, without its numbers.</summary>
public sealed class PyTorchHeader
{
    private const int LongestName = 512;

    private PyTorchHeader(TorchContainer container)
    {
        var search = ModelSearch.In(container.Root);
        if (search.Found is not { } model)
            throw new InputDataException(container.Path, "a checkpoint without a dictionary of tensors in it; expected a state dict, as torch.save(model.state_dict(), …) writes it.");
        Place = PickleReader.Printable(search.Place);
        Card = container.Card;
        foreach (var (name, value) in model.Entries)
        {
            if (value is not TorchTensor tensor)
                continue;
            if (name.Length is 0 or > LongestName || name.Any(char.IsControl))
                throw new InputDataException(container.Path, $"a tensor's name is '{PickleReader.Printable(name)}'; expected 1 to {LongestName} letters without control characters.");
            Tensors.Add(name, tensor);
        }

        Entries = [.. Tensors.Select(t => new PyTorchEntry(t.Key, t.Value.Type, t.Value.Shape))];
    }

    /// <summary>The keys that lead to the model inside the checkpoint, such as <c>state_dict</c>; empty for a state dict at the top.</summary>
    public string Place { get; }

    /// <summary>One entry a tensor, in the order of the file.</summary>
    public IReadOnlyList<PyTorchEntry> Entries { get; }

    /// <summary>Conjoint's card as JSON, where Conjoint wrote the file; null otherwise.</summary>
    internal string? Card { get; }

    /// <summary>The tensors by name.</summary>
    internal OrderedDictionary<string, TorchTensor> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the pickled part of a checkpoint; executes nothing of it.</summary>
    /// <exception cref="InputDataException">Missing, damaged, of another format, or it holds more than plain values and tensors.</exception>
    public static PyTorchHeader Read(string path)
    {
        using var container = TorchContainer.Open(path);
        return new PyTorchHeader(container);
    }

    /// <summary>The same of an open file.</summary>
    internal static PyTorchHeader Of(TorchContainer container) => new(container);
}
