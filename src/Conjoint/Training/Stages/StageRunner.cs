using System.Diagnostics;
using Conjoint.Runtime;
using Conjoint.Training.Checkpoints;
using Conjoint.Training.Monitoring;
using Conjoint.Training.Optimisation;
using Conjoint.Training.Settings;
using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>Runs a stage from wherever it stands to its end: schedule, optimiser, log, monitors, checkpoints, interruption.</summary>
internal sealed class StageRunner<TBatch> : IDisposable
    where TBatch : IDisposable
{
    // Three epochs on a line are no bad luck any more (SPEC §3).
    private const int CollapsedEpochsAllowed = 3;

    private readonly PretrainingStage<TBatch> _stage;
    private readonly StageSurroundings _around;
    private readonly OptimiserSettings _settings;
    private readonly LarcSgd _optimiser;
    private readonly WarmupCosineSchedule _schedule;
    private readonly CollapseMonitor _monitor = new();
    private readonly RunningStatistics _statistics;
    private readonly long _totalSteps;
    private readonly int _epochs;
    private StagePosition _position;
    private int _nonFiniteSteps;
    private int _collapsedEpochs;

    public StageRunner(PretrainingStage<TBatch> stage, OptimiserSettings settings, StageSurroundings around)
    {
        (_stage, _settings, _around) = (stage, settings, around);
        _totalSteps = stage.Length.TotalSteps(stage.StepsPerEpoch);
        _epochs = (int)((_totalSteps + stage.StepsPerEpoch - 1) / stage.StepsPerEpoch);
        _schedule = new WarmupCosineSchedule(
            stage.LearningRate, _totalSteps, (long)Math.Round(_totalSteps * (stage.Length.WarmupFraction ?? settings.WarmupFraction)), stage.LearningRate * stage.Length.FinalRateShare);
        _optimiser = new LarcSgd(
            stage.Parameters(), new LarcSgdSettings { Trust = settings.Trust, Momentum = settings.Momentum, WeightDecay = settings.WeightDecay });
        _statistics = new RunningStatistics(stage.Trained.Select(net => net.Net));
        _position = new StagePosition(stage.Name, stage.NeedsFirstPass, 0, 0, 0);
    }

    /// <summary>Takes up the state of an interrupted run.</summary>
    public void Resume(Checkpoint checkpoint)
    {
        _position = checkpoint.Header.Position;
        _collapsedEpochs = checkpoint.Header.CollapsedEpochs;
        NamedNets.Load(_stage.Nets, checkpoint.Part(Checkpoint.NetPrefix));
        _optimiser.LoadStateDict(checkpoint.Part(Checkpoint.MomentumPrefix));
        _stage.LoadStateDict(checkpoint.Part(Checkpoint.StagePrefix));
        _monitor.LoadStateDict(checkpoint.Part(Checkpoint.MonitorPrefix), _around.Device);
        random.set_rng_state(checkpoint.Tensors[Checkpoint.RandomName]);
    }

    /// <summary>Trains to the end of the stage, and leaves a checkpoint there.</summary>
    /// <exception cref="OperationCanceledException">The run was interrupted; a checkpoint is written.</exception>
    /// <exception cref="TrainingDivergedException">Losses are not finite, or embeddings have collapsed.</exception>
    public void Run(CancellationToken cancellation)
    {
        if (_position.FirstPass)
            RunFirstPass(cancellation);
        _statistics.Keep();
        while (_position.Step < _totalSteps)
            RunEpoch(cancellation);
        if (!Save())
        {
            throw new TrainingDivergedException(
                $"stage {_stage.Name}: the weights are not finite any more after {_position.Step} steps; lower the stage's learning rate. The checkpoint holds the last finite ones.");
        }

        _around.Checkpoints.Finish();
    }

    private void RunFirstPass(CancellationToken cancellation)
    {
        _around.Observer.Log($"stage {_stage.Name}: first pass over {_stage.StepsPerEpoch} batches, to fill the memory bank");
        _statistics.Keep();
        var clock = Stopwatch.StartNew();
        using var batches = _stage.Open(0, _position.Batch);
        foreach (var batch in batches.All)
        {
            using (batch)
            using (no_grad())
            using (Autocast.Enter(_around.Precision, _around.Device))
            {
                if (_stage.FirstPass(batch, new BatchPosition(0, _position.Batch, 0)))
                    _statistics.Keep();
                else
                    _statistics.Restore();
            }

            _position = _position with { Batch = _position.Batch + 1 };
            SaveWhenDue(clock, cancellation);
            clock.Restart();
        }

        _position = _position with { FirstPass = false, Batch = 0 };
    }

    private void RunEpoch(CancellationToken cancellation)
    {
        if (_position.Batch == 0)
        {
            _monitor.BeginEpoch();
            _stage.BeginEpoch(_position.Epoch);
        }

        using var batches = _stage.Open(_position.Epoch, _position.Batch);
        var clock = Stopwatch.StartNew();
        var waited = 0.0;
        foreach (var batch in batches.All)
        {
            double loss, rate;
            using (batch)
                (loss, rate) = Step(batch);
            var seconds = clock.Elapsed.TotalSeconds;
            var wait = batches.WaitSeconds;
            Report(loss, rate, seconds, wait - waited);
            waited = wait;
            SaveWhenDue(clock, cancellation);
            clock.Restart();
            if (_position.Batch == 0 || _position.Step >= _totalSteps)
                return;
        }
    }

    /// <summary>One step: forward, backward, update. A non-finite loss changes nothing.</summary>
    private (double Loss, double Rate) Step(TBatch batch)
    {
        using var scope = NewDisposeScope();
        var rate = _schedule.Rate(_position.Step);
        _stage.BeforeStep();
        StageLoss step;
        using (Autocast.Enter(_around.Precision, _around.Device))
            step = _stage.Loss(batch, new BatchPosition(_position.Epoch, _position.Batch, _position.Step));
        var loss = step.Loss.item<float>();
        if (float.IsFinite(loss) && step.Embeddings.isfinite().all().item<bool>())
        {
            _nonFiniteSteps = 0;
            _optimiser.ZeroGradients();
            _stage.Backward(step.Loss, () => Autocast.Enter(_around.Precision, _around.Device));
            _stage.AfterBackward(_position.Step);
            if (_stage.Length.ClipGradientNorm is { } bound)
                GradientNorm.Clip(_stage.Parameters().Select(p => p.Value), bound);
            _optimiser.Step(rate);
            _monitor.Add(step.Embeddings, step.Usage);
            _statistics.Keep();
        }
        else
        {
            _nonFiniteSteps++;
            _statistics.Restore();
        }

        return (loss, rate);
    }

    /// <summary>Tells of a loss that is not finite; gives up after several in a row.</summary>
    private void JudgeLoss(double loss, double rate)
    {
        if (_nonFiniteSteps == 0)
            return;
        _around.Observer.Warn(FormattableString.Invariant($"stage {_stage.Name}, step {_position.Step}: the loss ({loss}) or an embedding is not finite; the step is left out."));
        if (_nonFiniteSteps >= _settings.NonFiniteStepsAllowed)
        {
            throw new TrainingDivergedException(FormattableString.Invariant(
                $"stage {_stage.Name}, step {_position.Step}: {_nonFiniteSteps} losses in a row are not finite at learning rate {rate:G3}; lower the stage's learning rate, or look at the data with 'conjoint inspect'."));
        }
    }

    /// <summary>Writes the step's line, with the monitors where an epoch ends, and moves on.</summary>
    private void Report(double loss, double rate, double seconds, double waited)
    {
        var speed = _stage.BatchSize / Math.Max(seconds, 1e-9);
        var waitFraction = Math.Clamp(waited / Math.Max(seconds, 1e-9), 0, 1);
        var line = new MetricsLine(_stage.Name)
            .Add("epoch", _position.Epoch).Add("step", _position.Step).Add("loss", loss).Add("lr", rate)
            .Add("samples_per_second", speed).Add("data_wait_fraction", waitFraction);
        if (_stage.LnK is { } lnK)
            line.Add("ln_k", lnK);

        var done = _position.Step + 1;
        var epochEnds = _position.Batch + 1 == _stage.StepsPerEpoch || done == _totalSteps;
        var rank = epochEnds ? AddMonitors(line) : null;
        _around.Log.Write(line);                    // first of all: the line that ends a run has to be in the log
        JudgeLoss(loss, rate);
        if (rank is { } found)
            JudgeEpoch(line, found);
        _around.Observer.Step(new StepProgress(_stage.Name, _position.Epoch, _epochs, done, _totalSteps, loss, rate, speed, waitFraction));
        _position = _position.Batch + 1 == _stage.StepsPerEpoch
            ? _position with { Epoch = _position.Epoch + 1, Batch = 0, Step = done }
            : _position with { Batch = _position.Batch + 1, Step = done };
    }

    /// <summary>The collapse monitors of the epoch.</summary>
    /// <returns>The effective rank; null where there are too few embeddings to say.</returns>
    private double? AddMonitors(MetricsLine line)
    {
        if (_monitor.Count < CollapseMonitor.Fewest)
            return null;
        var rank = _monitor.EffectiveRank();
        line.Add("embedding_std", _monitor.EmbeddingStd());
        if (_monitor.PrototypeUsageEntropy() is { } entropy)
            line.Add("prototype_usage_entropy", entropy);
        line.Add("effective_rank", rank);
        return rank;
    }

    /// <summary>What to do about what the monitors say.</summary>
    private void JudgeEpoch(MetricsLine line, double rank)
    {
        foreach (var alarm in Alarms.Check(line).Where(a => a.Metric != "data_wait_fraction"))
            _around.Observer.Warn($"stage {_stage.Name}, epoch {_position.Epoch}: {alarm.Finding} {alarm.Cure}");
        _collapsedEpochs = rank < Alarms.EffectiveRank ? _collapsedEpochs + 1 : 0;
        if (_collapsedEpochs >= CollapsedEpochsAllowed)
        {
            throw new TrainingDivergedException(FormattableString.Invariant(
                $"stage {_stage.Name}, epoch {_position.Epoch}: the embeddings have collapsed (effective rank {rank:F2} for {_collapsedEpochs} epochs); lower the learning rate, or raise clustering.epsilon or the batch."));
        }
    }

    private void SaveWhenDue(Stopwatch clock, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            Save();
            _around.Checkpoints.Finish();
            cancellation.ThrowIfCancellationRequested();
        }

        if (_around.Checkpoints.IsDue(clock.Elapsed.TotalSeconds))
            Save();
    }

    /// <summary>
    /// Begins to write a checkpoint. Never one of weights that are not finite, nor in a row of losses that are not: the last good
    /// one is worth more, and going on from there gives the same bits.
    /// </summary>
    /// <returns>Whether the weights are finite.</returns>
    private bool Save()
    {
        if (!IsFinite())
            return false;
        if (_nonFiniteSteps > 0 && _position.Step < _totalSteps)
            return true;
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        void Add(string prefix, IEnumerable<KeyValuePair<string, Tensor>> state)
        {
            foreach (var (name, tensor) in state)
                tensors[prefix + name] = tensor.DetachFromDisposeScope();
        }

        Add(Checkpoint.NetPrefix, NamedNets.Copies(_stage.Nets));
        Add(Checkpoint.MomentumPrefix, _optimiser.StateDict());
        Add(Checkpoint.StagePrefix, _stage.StateDict());
        Add(Checkpoint.MonitorPrefix, _monitor.StateDict());
        tensors[Checkpoint.RandomName] = random.get_rng_state().DetachFromDisposeScope();
        var header = new CheckpointHeader(_position, _around.Log.Checkpoint(), _around.DataFingerprint, Autocast.Resolve(_around.Precision, _around.Device), _collapsedEpochs);
        _around.Checkpoints.Begin(new Checkpoint(header, tensors));
        return true;
    }

    private bool IsFinite()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return _stage.Parameters().All(p => p.Value.isfinite().all().item<bool>());
    }

    public void Dispose()
    {
        _optimiser.Dispose();
        _statistics.Dispose();
        _monitor.Dispose();
    }
}
