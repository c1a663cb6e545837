using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training.Checkpoints;
using Conjoint.Training.Monitoring;
using Conjoint.Training.Settings;
using Conjoint.Training.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Training;

/// <summary>Joint pre-training: the three stages one after the other, each handing its weights to the next.</summary>
/// <remarks>
/// Safe against being stopped at any moment: what is finished is on the disk under its final name, what is under way has a
/// checkpoint that is never older than the settings say, and <see cref="PretrainRequest.Resume"/> goes on from there with the same bits.
/// </remarks>
public sealed class Pretraining
{
    private const string CheckpointName = "last.safetensors";

    private readonly PretrainRequest _request;
    private readonly PretrainSettings _settings;
    private readonly IRunObserver _observer;
    private readonly RunFolder _folder;

    private Pretraining(PretrainRequest request, IRunObserver observer)
    {
        (_request, _settings, _observer) = (request, request.Settings, observer);
        _folder = new RunFolder(request.RunFolder);
    }

    private string CheckpointPath => Path.Combine(_folder.Checkpoints, CheckpointName);

    /// <summary>Runs, or goes on with, a pre-training; <c>weights.safetensors</c> and the report's data are its result.</summary>
    /// <exception cref="ConfigurationException">Settings that these samples don't allow, or that differ from the run to be resumed.</exception>
    /// <exception cref="InputDataException">A store or weights that can't be used.</exception>
    /// <exception cref="TrainingDivergedException">Training that can't go on.</exception>
    /// <exception cref="OperationCanceledException">The run was interrupted; a checkpoint is written.</exception>
    public static void Run(PretrainRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(observer);
        NativeBoot.Require();
        new Pretraining(request, observer).Run(cancellation);
    }

    private void Run(CancellationToken cancellation)
    {
        if (_request.Stage is { } asked && !StageName.Single.Contains(asked))
            throw new ConfigurationException($"--stage {asked}: unknown stage; expected one of {string.Join(", ", StageName.Single)}, all.");
        var weights = _request.Weights is { } word ? WeightsSource.Find(word) : null;
        var device = ComputeDevice.Resolve(_request.Device);
        set_num_threads(_settings.Threads ?? Environment.ProcessorCount);
        using var data = PretrainingData.Open(_request.Stores, _settings);
        var stages = data.Stages(_settings, _request.Stage, _observer);
        var fingerprint = data.Fingerprint();
        if (Claim(stages))
            return;

        CheckpointWriter.RemoveLeftovers(_folder.Checkpoints);
        using var checkpoint = ReadCheckpoint(fingerprint, Autocast.Resolve(_request.Precision, device));
        using var log = checkpoint is null ? RunLog.Create(_folder) : RunLog.Resume(_folder, checkpoint.Header.Log);
        if (log.Notice is { } notice)
            _observer.Warn(notice);
        if (data.Mixed is { } mixed)
            _observer.Warn(mixed);
        foreach (var overlap in StoreOverlap.Between(data.Stores))
            _observer.Warn(overlap);
        TrainingContent.Write(_folder, "pre-training", data.Cases, _request.Weights);
        RunSummaries.Write(_folder, _request, data, device);
        _observer.Log($"pre-training on {data.Slices.Count} slices and {data.Volumes.Count} volumes of {data.Stores.Count} store(s); stages {string.Join(", ", stages)}");

        using var writer = new CheckpointWriter(CheckpointPath, _settings.CheckpointSeconds);
        var around = new StageSurroundings(log, _observer, writer, fingerprint, device, _request.Precision);
        var inputs = new StageInputs(_settings, data.Slices, data.Volumes, device, SingleProcess.Instance);
        foreach (var stage in stages)
            RunStage(stage, weights, inputs, around, data, checkpoint, cancellation);

        PretrainingPictures.Write(_folder, _settings, data, device, stages);
        // Last of all: this file says that the run is finished.
        AtomicFile.Write(_folder.Weights, stream =>
        {
            using var last = File.OpenRead(_folder.StageWeights(stages[^1]));
            last.CopyTo(stream);
        });
        _observer.Log($"weights written to {_folder.Weights}");
    }

    /// <summary>Takes the folder for this run.</summary>
    /// <returns>Whether the run in it is finished already.</returns>
    private bool Claim(IReadOnlyList<string> stages)
    {
        var config = SettingsWriter.Write(_settings);
        if (File.Exists(_folder.Config))
        {
            if (!_request.Resume)
                throw new ConfigurationException($"{_request.RunFolder}: holds a run already; add --resume to go on with it, or name another folder.");
            if (File.ReadAllText(_folder.Config) != config)
                throw new ConfigurationException($"{_folder.Config}: the run was started with other settings; resume it with the same preset, file and --set values, or name another folder.");
            if (File.Exists(_folder.Weights) && stages.All(s => File.Exists(_folder.StageWeights(s))))
            {
                _observer.Log("the run is finished already; nothing to do.");
                return true;
            }
        }

        RunFolder.Create(_request.RunFolder);
        AtomicFile.WriteText(_folder.Config, config);
        return false;
    }

    private Checkpoint? ReadCheckpoint(string fingerprint, Precision precision)
    {
        if (!_request.Resume || !File.Exists(CheckpointPath))
            return null;
        var checkpoint = Checkpoint.Read(CheckpointPath);
        if (checkpoint.Header.Data == fingerprint && checkpoint.Header.Precision == precision)
        {
            var p = checkpoint.Header.Position;
            _observer.Log($"resuming stage {p.Stage} at epoch {p.Epoch}, step {p.Step}");
            return checkpoint;
        }

        var other = checkpoint.Header.Precision;
        checkpoint.Dispose();
        if (other != precision)
            throw new ConfigurationException($"--precision: the run was started with {SettingsNames.Of(other)}; resume it with --precision {SettingsNames.Of(other)}, or name another folder.");
        throw new InputDataException(_request.Stores[0], "the training cases are not those that the run was started with; resume it with the same stores.");
    }

    private void RunStage(string stage, string? weights, StageInputs inputs, StageSurroundings around, PretrainingData data, Checkpoint? checkpoint, CancellationToken cancellation)
    {
        var path = _folder.StageWeights(stage);
        if (_request.Resume && File.Exists(path))
        {
            _observer.Log($"stage {stage}: finished already");
            return;
        }

        using var scope = NewDisposeScope();
        manual_seed(inputs.Seed(stage));
        if (checkpoint?.Header.Position.Stage != stage)
            checkpoint = null;
        if (stage == StageName.Volumes3d)
        {
            var encoder = new ResNet3d(_settings.SliceEncoder);
            encoder.to(inputs.Device);
            var terms = weights is null ? WeightsCard.OwnLicence : TakeUp(encoder, weights);
            Train(new Volumes3dStage(inputs, encoder), _settings.Volumes.Size, terms);
            return;
        }

        var sliceEncoder = new SliceEncoder(_settings.SliceEncoder);
        sliceEncoder.to(inputs.Device);
        var volumeEncoder = stage == StageName.Slices ? null : new VolumeEncoder(_settings.VolumeEncoder, _settings.SliceEncoder.FeatureWidth);
        volumeEncoder?.to(inputs.Device);
        HandOver(stage, weights, sliceEncoder, volumeEncoder);
        var licence = Licence(stage, weights);              // now: hours later the file may be gone
        switch (stage)
        {
            case StageName.Slices:
                Train(new SlicesStage(inputs, sliceEncoder), _settings.Slices.Views.Crops[0].Size, licence);
                break;
            case StageName.Masked:
                Train(new MaskedStage(inputs, sliceEncoder, volumeEncoder!), _settings.Masked.Size, licence);
                break;
            default:
                var volumes = new VolumesStage(inputs, sliceEncoder, volumeEncoder!);
                HandOver(volumes.SliceTerm, weights);
                Train(volumes, _settings.Volumes.Size, licence);
                break;
        }

        void Train<TBatch>(PretrainingStage<TBatch> built, int inputSize, string licenceOfAll)
            where TBatch : IDisposable
        {
            using (built)
            {
                using var runner = new StageRunner<TBatch>(built, _settings.Optimiser, around);
                if (checkpoint is not null)
                {
                    runner.Resume(checkpoint);
                    checkpoint.Dispose();           // as large as the nets themselves, and of no more use
                }

                runner.Run(cancellation);
                StageWeights.Write(path, stage, built.Nets, _settings, data.Input(stage, inputSize, _settings), data.Summary(), licenceOfAll);
            }
        }
    }

    /// <summary>Fills the encoder of the 3D baselines.</summary>
    /// <returns>The terms that come down from the weights.</returns>
    private string TakeUp(ResNet3d encoder, string weights)
    {
        using var file = WeightsSource.Open(weights)!;
        if (DescribedNets.Volumetric(file) is null)
            throw new InputDataException(file.Path, $"weights without a ResNet of 3D convolutions; stage {StageName.Volumes3d} goes on from weights of its own only.");
        _observer.Log($"stage {StageName.Volumes3d}: {DescribedNets.ResNet3d} from {weights}: {NetWeights.Load(encoder, file.Path, file.Tensors, NetWeights.ResNet3dPrefixes)}");
        return file.Card!.Licence;
    }

    /// <summary>The terms that come down from the weights that a stage began with.</summary>
    private string Licence(string stage, string? weights) => (Before(stage) ?? weights) is { } from
        ? WeightsDescription.Read(from).Card?.Licence ?? WeightsCard.UnknownLicence
        : WeightsCard.OwnLicence;

    private string? Before(string stage) => StageName.All.TakeWhile(s => s != stage).Select(_folder.StageWeights).LastOrDefault(File.Exists);

    /// <summary>Weights of the stage before, else those that the user named, else random ones.</summary>
    private void HandOver(string stage, string? weights, SliceEncoder sliceEncoder, VolumeEncoder? volumeEncoder)
    {
        var from = Before(stage) ?? weights;
        if (from is null)
        {
            if (stage != StageName.Slices)
                _observer.Warn($"stage {stage} starts from random weights: there are none of an earlier stage in the run, and --weights names none.");
            return;
        }

        foreach (var (net, report) in StageWeights.Load(from, sliceEncoder, volumeEncoder))
            _observer.Log($"stage {stage}: {net} from {from}: {report}");
    }

    /// <summary>Projection head and slice prototypes for the 2D term: of stage <c>slices</c> in this run, else of the user's weights, else random ones.</summary>
    private void HandOver(SliceTerm? term, string? weights)
    {
        if (term is null)
            return;
        var ofSlices = _folder.StageWeights(StageName.Slices);
        var from = File.Exists(ofSlices) ? ofSlices : weights;
        if (from is not null && term.TakeUp(from))
            _observer.Log($"stage {StageName.Volumes}: projection head and slice prototypes of the 2D term from {from}");
        else
            _observer.Warn($"stage {StageName.Volumes}: projection head and slice prototypes of the 2D term start at random: {(from is null ? "there are no weights of stage slices" : $"{from} has none of these sizes")}.");
    }
}
