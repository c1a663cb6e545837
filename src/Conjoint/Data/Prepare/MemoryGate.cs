namespace Conjoint.Data;

/// <summary>Lets work begin only while the memory of all work together stays below a limit; a single larger piece goes alone.</summary>
internal sealed class MemoryGate(long limit)
{
    private readonly object _lock = new();
    private long _used;

    public void Enter(long bytes)
    {
        lock (_lock)
        {
            while (_used > 0 && _used + bytes > limit)
                Monitor.Wait(_lock);
            _used += bytes;
        }
    }

    public void Leave(long bytes)
    {
        lock (_lock)
        {
            _used -= bytes;
            Monitor.PulseAll(_lock);
        }
    }
}
