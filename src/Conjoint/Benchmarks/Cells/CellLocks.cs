using Conjoint.Runtime;

namespace Conjoint.Benchmarks.Cells;

/// <summary>Locks between the processes that work on one folder: files in <c>locks/</c>, held open. The system frees them when a process dies.</summary>
internal sealed class CellLocks
{
    private readonly string _folder;

    public CellLocks(string folder)
    {
        _folder = Path.Combine(folder, "locks");
        OutputFolder.Create(_folder);
    }

    /// <summary>Takes a lock, or tells by null that another process has it.</summary>
    /// <remarks>The file stays: a removed one could be locked by two, each with its own file of that name.</remarks>
    public FileStream? TryTake(string name)
    {
        try
        {
            return new FileStream(Path.Combine(_folder, name.Replace('/', '+') + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Takes a lock that any number of processes may have beside each other: the first of <c>name/0</c>, <c>name/1</c> and so on that is free.</summary>
    /// <param name="name">The name that they share.</param>
    public FileStream TakeOneOf(string name)
    {
        for (var i = 0; ; i++)
        {
            if (TryTake(FormattableString.Invariant($"{name}/{i}")) is { } taken)
                return taken;
        }
    }

    /// <summary>Whether a process has a lock whose name begins like this, such as that of any cell.</summary>
    /// <param name="part">The part of the names before their first '/'.</param>
    public bool IsAnyTaken(string part)
    {
        foreach (var file in Directory.GetFiles(_folder, part + "+*.lock"))
        {
            using var taken = TryTake(Path.GetFileNameWithoutExtension(file));
            if (taken is null)
                return true;
        }

        return false;
    }

    /// <summary>Takes a lock as soon as it is free.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public FileStream Wait(string name, CancellationToken cancellation = default)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryTake(name) is { } taken)
                return taken;
            Thread.Sleep(20);
        }
    }
}
