using System.Diagnostics;
using Conjoint.Runtime;
using Conjoint.Training.Monitoring;
using static TorchSharp.torch;

namespace Conjoint.Tasks.FineTuning;

/// <summary>What a running fine-tuning keeps safe: its state, its logs and, through checkpoints, its tensors.</summary>
/// <typeparam name="TScore">What is kept of a scored case.</typeparam>
internal sealed class FineTuneProgress<TScore> : IDisposable
    where TScore : class
{
    private readonly FineTuneContext _context;
    private readonly FineTuneCheckpoint<TScore> _checkpoint;
    private readonly Stopwatch _sinceCheckpoint = Stopwatch.StartNew();
    private Dictionary<string, Tensor>? _best;
    private bool _bestIsWritten;

    private FineTuneProgress(FineTuneContext context, FineTuneCheckpoint<TScore> checkpoint, FineTuneState<TScore> state, SafetensorsFile? restored, RunLog log)
    {
        (_context, _checkpoint, State, Restored, Log) = (context, checkpoint, state, restored, log);
        if (state.Best is not null && state.Phase == FineTunePhase.Train)
        {
            using var best = checkpoint.ReadBest(state.Best);
            _best = Copies(best.Tensors);
            _bestIsWritten = true;
        }
    }

    public FineTuneState<TScore> State { get; }

    public RunLog Log { get; }

    /// <summary>Tensors of the checkpoint that the run goes on from, until the first trial takes them.</summary>
    public SafetensorsFile? Restored { get; private set; }

    /// <summary>The weights to keep.</summary>
    public IReadOnlyDictionary<string, Tensor> Best => _best!;

    /// <summary>Begins a run, or goes on with one.</summary>
    /// <param name="context">What the run is given.</param>
    /// <param name="fingerprint">Tells it from other runs.</param>
    /// <param name="resume">Whether to go on.</param>
    /// <exception cref="ConfigurationException">The folder holds a run and <paramref name="resume"/> is off, or a run of other settings.</exception>
    public static FineTuneProgress<TScore> Open(FineTuneContext context, string fingerprint, bool resume)
    {
        var checkpoint = new FineTuneCheckpoint<TScore>(context.Folder);
        if (!checkpoint.Exists)
            return new FineTuneProgress<TScore>(context, checkpoint, new FineTuneState<TScore> { Fingerprint = fingerprint }, null, RunLog.Create(context.Folder));
        if (!resume)
            throw new ConfigurationException($"{context.Folder.Path}: holds a run already; expected --resume to go on with it, or another folder.");

        checkpoint.RemoveLeftovers();
        var (state, tensors) = checkpoint.Read();
        if (state.Fingerprint != fingerprint)
        {
            tensors.Dispose();
            throw new ConfigurationException(
                $"{context.Folder.Path}: holds a run with other settings, data or weights (see its config.yaml); expected the same ones, or another folder.");
        }

        var log = RunLog.Resume(context.Folder, state.Log);
        if (log.Notice is { } notice)
            context.Observer.Warn(notice);
        return new FineTuneProgress<TScore>(context, checkpoint, state, tensors, log);
    }

    /// <summary>Ends the use of <see cref="Restored"/>.</summary>
    public void ForgetRestored()
    {
        Restored?.Dispose();
        Restored = null;
    }

    /// <summary>Keeps a copy of weights that are better than all before.</summary>
    public void Keep(BestWeights best, IReadOnlyDictionary<string, Tensor> weights)
    {
        DisposeBest();
        _best = Copies(weights);
        _bestIsWritten = false;
        State.Best = best;
    }

    /// <summary>Writes a checkpoint if the last one is old enough; always when the run is asked to stop, which then ends here.</summary>
    /// <param name="tensors">The tensors of the moment.</param>
    /// <exception cref="OperationCanceledException">The run was asked to stop; the checkpoint is written.</exception>
    public void SaveIfDue(Func<IEnumerable<KeyValuePair<string, Tensor>>> tensors)
    {
        var stopping = _context.Cancellation.IsCancellationRequested;
        if (stopping || _sinceCheckpoint.Elapsed.TotalSeconds >= _context.Settings.CheckpointSeconds)
            Save(tensors());
        if (stopping)
            throw new OperationCanceledException($"{_context.Folder.Path}: stopped; --resume goes on with the checkpoint.", _context.Cancellation);
    }

    /// <summary>Writes a checkpoint.</summary>
    public void Save(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        if (State.Phase == FineTunePhase.Train && State.Best is not null && !_bestIsWritten)
        {
            _checkpoint.WriteBest(State.Best, Best);
            _bestIsWritten = true;
        }

        State.Log = Log.Checkpoint();
        _checkpoint.Write(State, tensors);
        _sinceCheckpoint.Restart();
    }

    public void Dispose()
    {
        ForgetRestored();
        DisposeBest();
        Log.Dispose();
    }

    private void DisposeBest()
    {
        if (_best is null)
            return;
        foreach (var tensor in _best.Values)
            tensor.Dispose();
        _best = null;
    }

    private static Dictionary<string, Tensor> Copies(IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var noGrad = no_grad();
        return tensors.ToDictionary(t => t.Key, t => t.Value.detach().cpu().clone().DetachFromDisposeScope());
    }
}
