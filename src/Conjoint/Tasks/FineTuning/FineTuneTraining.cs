using System.Diagnostics;
using Conjoint.Runtime;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Conjoint.Training.Optimisation;
using static TorchSharp.torch;

namespace Conjoint.Tasks.FineTuning;

/// <summary>Trains with each rate in turn and keeps the weights that are best on validation, or the last ones where there is none.</summary>
internal sealed class FineTuneTraining<TModel, TBatch, TScore>(FineTuneJob<TModel, TBatch, TScore> job, FineTuneProgress<TScore> progress)
    where TModel : class, IFineTuneModel
    where TBatch : class, IDisposable
    where TScore : class
{
    private const int NonFiniteLimit = 10; // steps in a row; a lucky batch after that many doesn't save a net
    private const string ModelPrefix = "model.", MomentumPrefix = "momentum.";

    private readonly FineTuneState<TScore> _state = progress.State;

    /// <summary>Trains; on return the best weights are in the progress.</summary>
    /// <exception cref="TrainingDivergedException">No rate led to weights that could be kept.</exception>
    /// <exception cref="OperationCanceledException">The run was asked to stop; a checkpoint is written.</exception>
    public void Run()
    {
        while (_state.Trial < job.Rates.Count)
        {
            Train(job.Rates[_state.Trial]);
            _state.Diverged.Add(_state.NonFinite >= NonFiniteLimit);
            _state.Trial++;
            (_state.Step, _state.WithoutImprovement, _state.TrialBest, _state.NonFinite) = (0, 0, double.NaN, 0);
        }

        if (_state.Best is null)
        {
            throw new TrainingDivergedException(
                $"The loss was not finite in {NonFiniteLimit} steps in a row; expected a smaller learning rate than {string.Join(", ", job.Rates)}.");
        }
    }

    private bool IsOver =>
        _state.Step >= job.Steps || _state.NonFinite >= NonFiniteLimit || _state.WithoutImprovement >= (job.Settings.Patience ?? int.MaxValue);

    private void Train(double rate)
    {
        using var model = job.Task.Fresh(out var reports);
        using var optimiser = new MomentumSgd(model.Net.named_parameters(), job.Settings.Momentum, job.Settings.WeightDecay);
        if (_state.Step == 0)
            Announce(rate, reports);
        Restore(model, optimiser);
        IEnumerable<KeyValuePair<string, Tensor>> Tensors() => model.Net.state_dict().Select(t => KeyValuePair.Create(ModelPrefix + t.Key, t.Value))
            .Concat(optimiser.State.Select(t => KeyValuePair.Create(MomentumPrefix + t.Key, t.Value)));

        if (_state.Pending is not null)
            Validate(model, rate, Tensors); // interrupted in the middle of one
        using var batches = job.Task.Batches.Batches(_state.Step, job.Steps, job.Settings.Workers);
        var clock = Stopwatch.StartNew();
        var waited = TimeSpan.Zero;
        while (!IsOver)
        {
            progress.SaveIfDue(Tensors);
            clock.Restart();
            batches.MoveNext();
            using var batch = batches.Current;
            var now = job.Settings.RateSchedule.At(rate, _state.Step, job.Steps);
            var loss = Step(model, optimiser, batch, now);
            Tell(now, loss, clock.Elapsed, batches.Waited - waited);
            waited = batches.Waited;
            if (job.ValidatesAfter(_state.Step) && _state.NonFinite == 0)
                Validate(model, rate, Tensors);
        }

        if (!job.Validates && _state.NonFinite < NonFiniteLimit)
            progress.Keep(new BestWeights(_state.Trial, _state.Step, rate, double.NaN, 0), model.Net.state_dict());
    }

    /// <summary>One optimiser step; a step whose loss or gradient isn't finite changes no weights.</summary>
    private double Step(TModel model, MomentumSgd optimiser, TBatch batch, double rate)
    {
        using var scope = NewDisposeScope();
        model.Net.train();
        model.Net.zero_grad();
        var loss = job.Task.Loss(model, batch, _state.Step);
        job.Task.Backward(model, loss);
        var finite = double.IsFinite(loss.to(float64).item<double>()) && double.IsFinite(GradientNorm.Limit(model.Net.parameters(), job.Settings.GradientClip));
        if (finite)
            optimiser.Step(name => RateOf(model, name, rate));
        _state.NonFinite = finite ? 0 : _state.NonFinite + 1;
        _state.Step++;
        return loss.to(float64).item<double>();
    }

    /// <summary>The rate of a parameter in this step: that of the pre-trained nets may be lower, and 0 at first.</summary>
    private double RateOf(TModel model, string parameter, double rate) => !model.IsPretrained(parameter) ? rate
        : _state.Step < job.Settings.FrozenSteps ? 0
        : rate * job.Settings.EncoderRate;

    private void Validate(TModel model, double rate, Func<IEnumerable<KeyValuePair<string, Tensor>>> tensors)
    {
        _state.Pending ??= [];
        foreach (var storeCase in job.Task.Cases.Validation.Skip(_state.Pending.Count))
        {
            _state.Pending.Add(job.Task.Validate(model, storeCase));
            progress.SaveIfDue(tensors);
        }

        var (step, epoch) = Place();
        var line = new MetricsLine("finetune").Add("split", "val").Add("epoch", epoch).Add("step", step).Add("lr", rate);
        var (figure, tieBreak, text) = job.Task.SumUpValidation(_state.Pending, line);
        _state.Pending = null;
        progress.Log.Write(line);
        job.Context.Observer.Log(FormattableString.Invariant($"validation after step {step}: {text}"));

        var better = double.IsNaN(_state.TrialBest) || figure > _state.TrialBest;
        _state.TrialBest = better ? figure : _state.TrialBest;
        _state.WithoutImprovement = better ? 0 : _state.WithoutImprovement + 1;
        if (_state.Best is not { } best || double.IsNaN(best.Figure) || figure > best.Figure || (figure == best.Figure && tieBreak > best.TieBreak))
            progress.Keep(new BestWeights(_state.Trial, _state.Step, rate, figure, tieBreak), model.Net.state_dict());
    }

    private void Restore(TModel model, MomentumSgd optimiser)
    {
        if (progress.Restored is not { } file)
            return;
        IReadOnlyDictionary<string, Tensor> Under(string prefix) => file.Tensors.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[prefix.Length..], t => t.Value);
        NetState.Load(model.Net, job.Context.Folder.Checkpoints, Under(ModelPrefix));
        optimiser.Load(Under(MomentumPrefix));
        progress.ForgetRestored();
        job.Context.Observer.Log($"going on after step {_state.Step} of {job.Steps}");
    }

    private void Announce(double rate, IReadOnlyList<string> reports)
    {
        if (_state.Trial == 0)
        {
            job.Context.Observer.Log(job.Task.Announcement);
            foreach (var report in reports)
                job.Context.Observer.Log(report);
        }

        if (job.Rates.Count > 1)
            job.Context.Observer.Log(FormattableString.Invariant($"learning rate {rate} ({_state.Trial + 1} of {job.Rates.Count})"));
    }

    private void Tell(double rate, double loss, TimeSpan elapsed, TimeSpan waited)
    {
        var (step, epoch) = Place();
        var speed = job.Task.Batches.Batch / elapsed.TotalSeconds;
        var waiting = Math.Clamp(waited / elapsed, 0, 1);
        progress.Log.Write(new MetricsLine("finetune").Add("epoch", epoch).Add("step", step).Add("loss", loss).Add("lr", rate)
            .Add("samples_per_second", speed).Add("data_wait_fraction", waiting));
        var steps = job.Steps * job.Rates.Count;
        job.Context.Observer.Step(new StepProgress(
            "finetune", (int)epoch, (int)((steps - 1) / job.Task.Batches.StepsPerEpoch) + 1, step, steps, loss, rate, speed, waiting));
    }

    /// <summary>Steps done and the epoch of the last of them, counted through all rates, so that curves go on to the right.</summary>
    private (long Step, long Epoch) Place()
    {
        var step = _state.Trial * job.Steps + _state.Step;
        return (step, (step - 1) / job.Task.Batches.StepsPerEpoch);
    }
}
