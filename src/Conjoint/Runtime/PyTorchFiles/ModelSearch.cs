namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>Finds the model in a checkpoint: of its dictionaries, nested at will, the one with the most tensors in it.</summary>
/// <remarks>
/// So the model is found at the top, in <c>state_dict</c>, <c>model</c>, <c>model_state_dict</c>, in VISSL's
/// <c>classy_state_dict.base_model.model.trunk</c>, beside optimisers, heads and memory banks. Of two as large, such as a student
/// and a teacher, the first in the file is taken.
/// </remarks>
internal sealed class ModelSearch
{
    private const int MostLevels = 16;

    private readonly HashSet<PickleDictionary> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> _keys = [];

    private ModelSearch()
    {
    }

    /// <summary>The dictionary; null where none holds a tensor.</summary>
    public PickleDictionary? Found { get; private set; }

    /// <summary>The keys that lead to it, with dots between them; empty for the top.</summary>
    public string Place { get; private set; } = "";

    /// <summary>Its tensors.</summary>
    public int Tensors { get; private set; }

    /// <summary>Searches a value; one that refers to itself is walked once.</summary>
    public static ModelSearch In(object? root)
    {
        var search = new ModelSearch();
        search.Visit(root);
        return search;
    }

    private void Visit(object? value)
    {
        if (value is not PickleDictionary dictionary || _keys.Count > MostLevels || !_seen.Add(dictionary))
            return;
        var entries = dictionary.Entries;
        var tensors = entries.Count(e => e.Value is TorchTensor);
        if (tensors > Tensors)
            (Found, Place, Tensors) = (dictionary, string.Join('.', _keys), tensors);
        foreach (var (key, inner) in entries)
        {
            _keys.Add(key);
            Visit(inner);
            _keys.RemoveAt(_keys.Count - 1);
        }
    }
}
