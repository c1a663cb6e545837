namespace Conjoint.Data;

/// <summary>Keeps the array files that were read last mapped, a bounded number of them: a store may have more cases than a process may have files open.</summary>
/// <remarks>Safe for many threads.</remarks>
internal sealed class ArrayCache(int capacity) : IDisposable
{
    private readonly Dictionary<string, LinkedListNode<(string Path, MappedArray Array)>> _byPath = [];
    private readonly LinkedList<(string Path, MappedArray Array)> _latestFirst = [];
    private bool _disposed;

    /// <summary>Runs <paramref name="read"/> on the array of a file, which stays mapped meanwhile.</summary>
    public void Read(string path, StoreCase storeCase, Action<MappedArray> read)
    {
        var array = Take(path, storeCase);
        try
        {
            read(array);
        }
        finally
        {
            lock (_byPath)
            {
                array.Readers--;
                Shrink();
            }
        }
    }

    public void Dispose()
    {
        lock (_byPath)
        {
            _disposed = true;
            Shrink();
        }
    }

    private MappedArray Take(string path, StoreCase storeCase)
    {
        lock (_byPath)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(PreparedStore));
            if (_byPath.TryGetValue(path, out var node))
            {
                _latestFirst.Remove(node);
                _latestFirst.AddFirst(node);
            }
            else
            {
                // Mapping takes some 50 µs; doing it under the lock keeps two readers from mapping one file twice.
                node = _latestFirst.AddFirst((path, new MappedArray(path, storeCase)));
                _byPath[path] = node;
            }

            node.Value.Array.Readers++;
            return node.Value.Array;
        }
    }

    private void Shrink()
    {
        var keep = _disposed ? 0 : capacity;
        for (var node = _latestFirst.Last; node is not null && _latestFirst.Count > keep;)
        {
            var before = node.Previous;
            if (node.Value.Array.Readers == 0)
            {
                node.Value.Array.Dispose();
                _byPath.Remove(node.Value.Path);
                _latestFirst.Remove(node);
            }

            node = before;
        }
    }
}
