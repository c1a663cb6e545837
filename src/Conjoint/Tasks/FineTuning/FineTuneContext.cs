using Conjoint.Data;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Training;
using static TorchSharp.torch;

namespace Conjoint.Tasks.FineTuning;

/// <summary>What a fine-tuning is given, whatever its task, and what follows from it.</summary>
internal sealed class FineTuneContext
{
    public FineTuneContext(
        FineTuneSettings settings, PreparedStore store, WeightsSource? weights, RunFolder folder, IRunObserver observer, CancellationToken cancellation)
    {
        (Settings, Store, Weights, Folder, Observer, Cancellation) = (settings, store, weights, folder, observer, cancellation);
        var volumetric = weights is null ? null : DescribedNets.Volumetric(weights);
        IsVolumetric = settings.Volumetric || volumetric is not null;
        if (settings.Volumetric && weights is not null && volumetric is null)
            throw new ConfigurationException($"volumetric: {weights.Path} holds no ResNet of 3D convolutions; expected weights of stage {StageName.Volumes3d}, or scratch.");
        Encoder = volumetric ?? (weights?.Card is null ? null : DescribedNets.Slices(weights)) ?? settings.Encoder;
        // Whatever the weights saw, this net learns from the store's values: prediction has to scale as the store did.
        Input = Scaling.Of(store).On((settings.Input ?? weights?.Card?.Input ?? InputNormalisation.Plain).ForTask());
        if (weights?.Card is { } card && Scaling.Of(card.Input) != Scaling.Of(store))
            observer.Warn("The store was prepared with another normalisation, window, percentiles or grid than the weights were trained with; prepare it again with the same ones to get the most out of them.");
        Device = ComputeDevice.Resolve(settings.Device);
    }

    public FineTuneSettings Settings { get; }

    public PreparedStore Store { get; }

    /// <summary>The pre-trained weights; null for scratch.</summary>
    public WeightsSource? Weights { get; }

    public RunFolder Folder { get; }

    public IRunObserver Observer { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>The encoder's shape: the card's, else the settings'.</summary>
    public SliceEncoderSettings Encoder { get; }

    /// <summary>Whether the net is one of 3D convolutions.</summary>
    public bool IsVolumetric { get; }

    /// <summary>The name under which the card describes the encoder.</summary>
    public string EncoderName => IsVolumetric ? DescribedNets.ResNet3d : DescribedNets.SliceEncoder;

    public InputNormalisation Input { get; }

    public Device Device { get; }
}
