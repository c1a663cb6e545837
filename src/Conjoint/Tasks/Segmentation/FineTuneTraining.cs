using System.Diagnostics;
using Conjoint.Objectives;
using Conjoint.Runtime;
using Conjoint.Tasks.Metrics;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Conjoint.Tasks.Segmentation;

/// <summary>Trains with each rate in turn and keeps the weights that are best on validation, or the last ones where there is none.</summary>
internal sealed class FineTuneTraining(FineTuneJob job, FineTuneProgress progress)
{
    private const int NonFiniteLimit = 10; // steps in a row; a lucky batch after that many doesn't save a net
    private const string ModelPrefix = "model.", MomentumPrefix = "momentum.", EncoderPrefix = "encoder.";

    private readonly FineTuneState _state = progress.State;

    /// <summary>Trains; on return the best weights are in <see cref="FineTuneProgress.Best"/>.</summary>
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
        using var segmenter = job.Fresh(out var report);
        using var optimiser = new MomentumSgd(segmenter.Net.named_parameters(), job.Settings.Momentum, job.Settings.WeightDecay);
        if (_state.Step == 0)
            Announce(rate, report);
        Restore(segmenter, optimiser);
        IEnumerable<KeyValuePair<string, Tensor>> Tensors() => segmenter.State().Select(t => KeyValuePair.Create(ModelPrefix + t.Key, t.Value))
            .Concat(optimiser.State.Select(t => KeyValuePair.Create(MomentumPrefix + t.Key, t.Value)));

        if (_state.Pending is not null)
            Validate(segmenter, rate, Tensors); // interrupted in the middle of one
        using var batches = job.Loader.Batches(_state.Step, job.Steps, job.Settings.Workers);
        var clock = Stopwatch.StartNew();
        var waited = TimeSpan.Zero;
        while (!IsOver)
        {
            progress.SaveIfDue(Tensors);
            clock.Restart();
            batches.MoveNext();
            using var batch = batches.Current;
            var loss = Step(segmenter, optimiser, batch, rate);
            Tell(rate, loss, clock.Elapsed, batches.Waited - waited);
            waited = batches.Waited;
            if (job.ValidatesAfter(_state.Step) && _state.NonFinite == 0)
                Validate(segmenter, rate, Tensors);
        }

        if (!job.Validates && _state.NonFinite < NonFiniteLimit)
            progress.Keep(new BestWeights(_state.Trial, _state.Step, rate, double.NaN), segmenter.State());
    }

    /// <summary>One optimiser step; a step whose loss or gradient isn't finite changes no weights.</summary>
    private double Step(Segmenter segmenter, MomentumSgd optimiser, LabelledBatch batch, double rate)
    {
        using var scope = NewDisposeScope();
        segmenter.Net.train();
        segmenter.Net.zero_grad();
        var (input, classes) = batch.ToTensors(job.Device);                         // [B, 1, S, S], [B, S, S]
        var loss = SegmentationLoss.Loss(Logits(segmenter, input), classes);
        loss.backward();
        var finite = double.IsFinite(loss.to(float64).item<double>()) && LimitGradient(segmenter.Net.parameters());
        if (finite)
            optimiser.Step(name => RateOf(name, rate));
        _state.NonFinite = finite ? 0 : _state.NonFinite + 1;
        _state.Step++;
        return loss.to(float64).item<double>();
    }

    /// <summary>The rate of a parameter in this step: the encoder's may be lower, and 0 at first.</summary>
    private double RateOf(string parameter, double rate) => !parameter.StartsWith(EncoderPrefix, StringComparison.Ordinal) ? rate
        : _state.Step < job.Settings.FrozenSteps ? 0
        : rate * job.Settings.EncoderRate;

    /// <summary>The net's scores, [B, C, S, S]; the loss is computed from them in 32 bits.</summary>
    private Tensor Logits(Segmenter segmenter, Tensor input)
    {
        using var autocast = Autocast.Enter(job.Settings.Precision, job.Device);
        return segmenter.Net.forward(input).to(float32);
    }

    /// <summary>Scales the whole gradient down to the largest allowed norm.</summary>
    /// <returns>Whether it is finite.</returns>
    private bool LimitGradient(IEnumerable<Parameter> parameters)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor[] gradients = [.. parameters.Select(p => p.grad).OfType<Tensor>()];
        var norm = stack(gradients.Select(g => g.to(float64).square().sum())).sum().sqrt().item<double>();
        if (job.Settings.GradientClip is { } limit && norm > limit && double.IsFinite(norm))
        {
            foreach (var gradient in gradients)
                gradient.mul_(limit / norm);
        }

        return double.IsFinite(norm);
    }

    private void Validate(Segmenter segmenter, double rate, Func<IEnumerable<KeyValuePair<string, Tensor>>> tensors)
    {
        _state.Pending ??= [];
        foreach (var storeCase in job.Cases.Validation.Skip(_state.Pending.Count))
        {
            _state.Pending.Add(ScoredCase.Of(segmenter, job.Store, storeCase, surfaces: false).Score);
            progress.SaveIfDue(tensors);
        }

        var scores = ScoreSummary.Of(_state.Pending);
        _state.Pending = null;
        var (step, epoch) = Place();
        progress.Log.Write(ScoreLines.Validation(epoch, step, rate, scores));
        job.Observer.Log(FormattableString.Invariant($"validation after step {_state.Step}: Dice {scores.Dice.Mean:0.000}, IoU {scores.Iou.Mean:0.000}"));

        var dice = scores.Dice.Mean;
        var better = double.IsNaN(_state.TrialBest) || dice > _state.TrialBest;
        _state.TrialBest = better ? dice : _state.TrialBest;
        _state.WithoutImprovement = better ? 0 : _state.WithoutImprovement + 1;
        if (_state.Best is null || double.IsNaN(_state.Best.Dice) || dice > _state.Best.Dice)
            progress.Keep(new BestWeights(_state.Trial, _state.Step, rate, dice), segmenter.State());
    }

    private void Restore(Segmenter segmenter, MomentumSgd optimiser)
    {
        if (progress.Restored is not { } file)
            return;
        IReadOnlyDictionary<string, Tensor> Under(string prefix) => file.Tensors.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[prefix.Length..], t => t.Value);
        segmenter.Load(job.Folder.Checkpoints, Under(ModelPrefix));
        optimiser.Load(Under(MomentumPrefix));
        progress.ForgetRestored();
        job.Observer.Log($"going on after step {_state.Step} of {job.Steps}");
    }

    private void Announce(double rate, LoadReport? report)
    {
        if (_state.Trial == 0)
        {
            var cases = job.Cases;
            job.Observer.Log($"{cases.TrainSubjects} labelled subjects, {cases.TrainSlices} slices, {cases.Map.Labels.Count} foreground classes; "
                + $"{cases.Validation.Count} cases for validation, {cases.Test.Count} for the test");
            job.Observer.Log(report is null ? "encoder: random first weights" : $"encoder: {report}");
        }

        if (job.Rates.Count > 1)
            job.Observer.Log(FormattableString.Invariant($"learning rate {rate} ({_state.Trial + 1} of {job.Rates.Count})"));
    }

    private void Tell(double rate, double loss, TimeSpan elapsed, TimeSpan waited)
    {
        var (step, epoch) = Place();
        var speed = job.Loader.Batch / elapsed.TotalSeconds;
        var waiting = Math.Clamp(waited / elapsed, 0, 1);
        progress.Log.Write(new MetricsLine("finetune").Add("epoch", epoch).Add("step", step).Add("loss", loss).Add("lr", rate)
            .Add("samples_per_second", speed).Add("data_wait_fraction", waiting));
        var steps = job.Steps * job.Rates.Count;
        job.Observer.Step(new StepProgress(
            "finetune", (int)epoch, (int)((steps - 1) / job.Loader.StepsPerEpoch) + 1, step, steps, loss, rate, speed, waiting));
    }

    /// <summary>Steps done and the epoch of the last of them, counted through all rates, so that curves go on to the right.</summary>
    private (long Step, long Epoch) Place()
    {
        var step = _state.Trial * job.Steps + _state.Step;
        return (step, (step - 1) / job.Loader.StepsPerEpoch);
    }
}
