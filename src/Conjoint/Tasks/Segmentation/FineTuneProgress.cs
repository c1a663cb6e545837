using System.Diagnostics;
using Conjoint.Runtime;
using Conjoint.Training.Monitoring;
using static TorchSharp.torch;

namespace Conjoint.Tasks.Segmentation;

/// <summary>What a running fine-tuning keeps safe: its state, its logs and, through checkpoints, its tensors.</summary>
internal sealed class FineTuneProgress : IDisposable
{
    private readonly FineTuneJob _job;
    private readonly FineTuneCheckpoint _checkpoint;
    private readonly Stopwatch _sinceCheckpoint = Stopwatch.StartNew();
    private Dictionary<string, Tensor>? _best;
    private bool _bestIsWritten;

    private FineTuneProgress(FineTuneJob job, FineTuneCheckpoint checkpoint, FineTuneState state, SafetensorsFile? restored, RunLog log)
    {
        (_job, _checkpoint, State, Restored, Log) = (job, checkpoint, state, restored, log);
        if (state.Best is not null && state.Phase == FineTunePhase.Train)
        {
            using var best = checkpoint.ReadBest(state.Best);
            _best = Copies(best.Tensors);
            _bestIsWritten = true;
        }
    }

    public FineTuneState State { get; }

    public RunLog Log { get; }

    /// <summary>Tensors of the checkpoint that the run goes on from, until the first trial takes them.</summary>
    public SafetensorsFile? Restored { get; private set; }

    /// <summary>The weights to keep.</summary>
    public IReadOnlyDictionary<string, Tensor> Best => _best!;

    /// <summary>Begins a run, or goes on with one.</summary>
    /// <exception cref="ConfigurationException">The folder holds a run and <paramref name="resume"/> is off, or a run of other settings.</exception>
    public static FineTuneProgress Open(FineTuneJob job, bool resume)
    {
        var checkpoint = new FineTuneCheckpoint(job.Folder);
        if (!checkpoint.Exists)
            return new FineTuneProgress(job, checkpoint, new FineTuneState { Fingerprint = job.Fingerprint }, null, RunLog.Create(job.Folder));
        if (!resume)
            throw new ConfigurationException($"{job.Folder.Path}: holds a run already; expected --resume to go on with it, or another folder.");

        checkpoint.RemoveLeftovers();
        var (state, tensors) = checkpoint.Read();
        if (state.Fingerprint != job.Fingerprint)
        {
            tensors.Dispose();
            throw new ConfigurationException(
                $"{job.Folder.Path}: holds a run with other settings, data or weights (see its config.yaml); expected the same ones, or another folder.");
        }

        var log = RunLog.Resume(job.Folder, state.Log);
        if (log.Notice is { } notice)
            job.Observer.Warn(notice);
        return new FineTuneProgress(job, checkpoint, state, tensors, log);
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
        var stopping = _job.Cancellation.IsCancellationRequested;
        if (stopping || _sinceCheckpoint.Elapsed.TotalSeconds >= _job.Settings.CheckpointSeconds)
            Save(tensors());
        if (stopping)
            throw new OperationCanceledException($"{_job.Folder.Path}: stopped; --resume goes on with the checkpoint.", _job.Cancellation);
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
