using System.Collections;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Conjoint.Data;

/// <summary>
/// Makes batches ahead of their consumer on background threads. Threads share the work sample by sample, so that a large batch
/// is ready soon; at most <c>ahead</c> batches exist beside the one that the consumer holds.
/// </summary>
/// <remarks>
/// Order and content don't depend on the number of threads, as long as a sample is a function of its place alone. One consumer.
/// An error of a sample surfaces when its batch is asked for.
/// </remarks>
internal sealed class OrderedPrefetch<TBatch> : IEnumerator<TBatch>
    where TBatch : class, IDisposable
{
    private readonly object _gate = new();
    private readonly Func<int, TBatch> _create;
    private readonly Action<TBatch, int> _fill;
    private readonly int _end;
    private readonly int _samples;
    private readonly int _ahead;
    private readonly Dictionary<int, Slot> _slots = [];
    private readonly List<Thread> _threads = [];
    private readonly Stopwatch _waiting = new();
    private TBatch? _current;
    private int _next;          // the next batch to hand out
    private int _claimBatch;    // the next sample to make
    private int _claimSample;
    private bool _stopped;

    /// <param name="first">Number of the first batch.</param>
    /// <param name="end">One past the number of the last batch.</param>
    /// <param name="samples">Samples in a batch.</param>
    /// <param name="workers">Threads; 0 makes each batch when it is asked for, on the consumer's thread.</param>
    /// <param name="ahead">Batches made ahead; at least 1.</param>
    /// <param name="create">Allocates the batch of a number.</param>
    /// <param name="fill">Writes one sample of a batch; called from several threads at once, for different samples.</param>
    public OrderedPrefetch(int first, int end, int samples, int workers, int ahead, Func<int, TBatch> create, Action<TBatch, int> fill)
    {
        (_next, _claimBatch, _end, _samples, _ahead) = (first, first, end, samples, Math.Max(1, ahead));
        (_create, _fill) = (create, fill);
        for (var i = 0; i < workers && first < end; i++)
        {
            var thread = new Thread(Work) { IsBackground = true, Name = $"loader {i}" };
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>How long the consumer has waited for batches so far.</summary>
    public TimeSpan Waited => _waiting.Elapsed;

    public TBatch Current => _current ?? throw new InvalidOperationException("MoveNext has not yielded a batch.");

    object IEnumerator.Current => Current;

    public bool MoveNext()
    {
        _current = null;
        if (_next >= _end)
            return false;
        _waiting.Start();
        try
        {
            _current = _threads.Count == 0 ? MakeNow() : Await();
        }
        finally
        {
            _waiting.Stop();
        }

        return true;
    }

    public void Reset() => throw new NotSupportedException("A loader runs once; make another for the next epoch.");

    /// <summary>Stops the threads and disposes what nobody took. The batches handed out stay the consumer's.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        _threads.ForEach(t => t.Join());
        _threads.Clear();
        foreach (var slot in _slots.Values)
            slot.Batch?.Dispose();
        _slots.Clear();
        _next = _end;
    }

    private TBatch MakeNow()
    {
        var batch = _create(_next);
        try
        {
            for (var i = 0; i < _samples; i++)
                _fill(batch, i);
        }
        catch
        {
            batch.Dispose();
            throw;
        }

        _next++;
        return batch;
    }

    private TBatch Await()
    {
        lock (_gate)
        {
            Slot? slot;
            while (!_slots.TryGetValue(_next, out slot) || (slot.Left > 0 && slot.Error is null))
                Monitor.Wait(_gate);
            slot.Error?.Throw();
            _slots.Remove(_next);
            _next++;
            Monitor.PulseAll(_gate);
            return slot.Batch!;
        }
    }

    private void Work()
    {
        while (Claim() is var (slot, batchNumber, sample) && slot is not null)
        {
            try
            {
                TBatch batch;
                lock (slot)
                    batch = slot.Batch ??= _create(batchNumber);
                _fill(batch, sample);
            }
            catch (Exception error)
            {
                slot.Error = ExceptionDispatchInfo.Capture(error);
            }

            lock (_gate)
            {
                slot.Left--;
                if (slot.Left == 0 || slot.Error is not null)
                    Monitor.PulseAll(_gate);
            }
        }
    }

    private (Slot? Slot, int Batch, int Sample) Claim()
    {
        lock (_gate)
        {
            while (!_stopped && _claimBatch < _end && _claimBatch >= _next + _ahead)
                Monitor.Wait(_gate);
            if (_stopped || _claimBatch >= _end)
                return default;
            if (!_slots.TryGetValue(_claimBatch, out var slot))
                _slots[_claimBatch] = slot = new Slot { Left = _samples };
            var claim = (slot, _claimBatch, _claimSample);
            if (++_claimSample == _samples)
                (_claimBatch, _claimSample) = (_claimBatch + 1, 0);
            return claim;
        }
    }

    private sealed class Slot
    {
        public TBatch? Batch { get; set; }

        public int Left { get; set; }

        public ExceptionDispatchInfo? Error { get; set; }
    }
}
