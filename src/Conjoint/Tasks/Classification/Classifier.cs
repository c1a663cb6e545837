using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;
using Conjoint.Training;
using Conjoint.Training.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tasks.Classification;

/// <summary>A classification net with what is needed to use it: its classes and the scaling of its input.</summary>
/// <remarks>A volume is classified by all its slices. One user at a time.</remarks>
public sealed class Classifier : IFineTuneModel, IDisposable
{
    private readonly bool _isVolumeEncoderNew;

    private Classifier(nn.Module<Tensor, long[], Tensor> net, ClassifierSettings settings, InputNormalisation input, Device device, int? chunk, bool isVolumeEncoderNew)
    {
        (Net, Settings, Input, Device, _isVolumeEncoderNew) = (net, settings, input, device, isVolumeEncoderNew);
        Chunks = new ChunkedEncoder(net is VolumeClassifier both ? both.SliceEncoder : net, chunk, device);
    }

    /// <summary>Names of the classes, in the order of the probabilities.</summary>
    public IReadOnlyList<string> Classes => Settings.Classes;

    /// <summary>Size and scaling of the input.</summary>
    public InputNormalisation Input { get; }

    internal ClassifierSettings Settings { get; }

    /// <summary>A <see cref="VolumeClassifier"/>, or a <see cref="ResNet3dClassifier"/>.</summary>
    internal nn.Module<Tensor, long[], Tensor> Net { get; }

    /// <summary>The net where it is the paper's.</summary>
    internal VolumeClassifier JointNet => (VolumeClassifier)Net;

    /// <summary>The slice encoder in training, all slices at once or a chunk at a time.</summary>
    internal ChunkedEncoder Chunks { get; }

    internal Device Device { get; }

    nn.Module IFineTuneModel.Net => Net;

    /// <summary>Builds a net with random first weights, which the seed alone decides as long as no other thread draws from libtorch's generator.</summary>
    /// <param name="slices">f_intra.</param>
    /// <param name="volumes">f_inter; null where the settings say that a 3D ResNet stands in place of both.</param>
    /// <param name="settings">Classes and head.</param>
    /// <param name="input">Size and scaling of the input.</param>
    /// <param name="seed">Decides the weights.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="chunk">Slices at a time in training; null: all at once.</param>
    /// <param name="isVolumeEncoderNew">Whether the volume encoder learns like the head, since the first weights have none.</param>
    internal static Classifier Create(
        SliceEncoderSettings slices, VolumeEncoderSettings? volumes, ClassifierSettings settings, InputNormalisation input, long seed, Device device,
        int? chunk = null, bool isVolumeEncoderNew = false)
    {
        manual_seed(seed);
        if (settings.Volumetric)
        {
            var deep = new ResNet3dClassifier(new ResNet3d(slices), settings.Classes.Count, settings.HiddenWidth, settings.Dropout);
            deep.to(device);
            return new Classifier(deep, settings, input, device, chunk: null, isVolumeEncoderNew: false);
        }

        var sliceEncoder = new SliceEncoder(slices);
        var volumeEncoder = new VolumeEncoder(volumes!, sliceEncoder.FeatureWidth);
        var net = new VolumeClassifier(sliceEncoder, volumeEncoder, settings.Classes.Count, settings.HiddenWidth, settings.Dropout);
        net.to(device);
        return new Classifier(net, settings, input, device, chunk, isVolumeEncoderNew);
    }

    /// <summary>Opens a fine-tuned classifier.</summary>
    /// <param name="model">The folder of a finished fine-tuning run, or its <c>weights.safetensors</c>.</param>
    /// <param name="device"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <exception cref="InputDataException">There is no such model, or it is none for classification.</exception>
    public static Classifier Open(string model, string device = "auto")
    {
        var path = FineTunedModel.PathOf(model);
        using var file = WeightsFile.Read(path);
        if (file.Card.Task != FineTunedModel.Classify
            || DescribedNets.Find<ClassifierSettings>(path, file.Card, ClassifierSettings.CardName) is not { } settings
            || DescribedNets.Find<SliceEncoderSettings>(path, file.Card, EncoderName(settings)) is not { } slices
            || (DescribedNets.Find<VolumeEncoderSettings>(path, file.Card, DescribedNets.VolumeEncoder) is var volumes && volumes is null != settings.Volumetric))
            throw new InputDataException(path, "weights without a classifier; expected the result of 'conjoint finetune classify'.");
        // Kernels of a third axis are three times as large.
        DescribedNets.Require(path, file.Tensors, EncoderName(settings), slices.Faults(), () => (settings.Volumetric ? 3 : 1) * slices.KernelNumbers);
        if (volumes is not null)
            DescribedNets.Require(path, file.Tensors, DescribedNets.VolumeEncoder, volumes.Faults(), () => volumes.MatrixNumbers(slices.FeatureWidth));
        DescribedNets.Require(path, file.Tensors, ClassifierSettings.CardName, settings.Faults(), () => settings.HeadNumbers(volumes?.Width ?? 32 * slices.BaseWidth));
        var classifier = Create(slices, volumes, settings, file.Card.Input, seed: 0, ComputeDevice.Resolve(device));
        NetState.Load(classifier.Net, path, file.Tensors);
        return classifier;
    }

    /// <summary>The probability of each class for a case.</summary>
    /// <param name="store">The case's store.</param>
    /// <param name="storeCase">The case.</param>
    /// <returns>[classes], in the order of <see cref="Classes"/>; they sum to 1.</returns>
    public double[] Classify(PreparedStore store, StoreCase storeCase)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(storeCase);
        return Classify(
            storeCase.Slices,
            SliceGeometry.Fit(storeCase, Input.Size),
            (first, count, destination) => store.ReadSlices(storeCase, first, count, destination));
    }

    /// <summary>The probability of each class for a stack of slices, all of which are looked at.</summary>
    /// <param name="slices">Number of slices N; at least 1.</param>
    /// <param name="geometry">How a slice lies in the net's input.</param>
    /// <param name="read">Where the slices come from.</param>
    /// <returns>[classes], in the order of <see cref="Classes"/>; they sum to 1.</returns>
    public double[] Classify(int slices, SliceGeometry geometry, SliceReader read)
    {
        Net.eval();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (Settings.Volumetric)
        {
            var volume = SliceFeatures.Squares(0, slices, geometry, read, Input);                                   // [N, 1, S, S]
            return Probabilities(Forward(volume, [slices]));
        }

        var features = SliceFeatures.Of(JointNet.SliceEncoder, slices, geometry, read, Input, Device).unsqueeze(0);     // [1, N, F]
        return Probabilities(Net.forward(features, [slices]));                                                      // [1, classes]
    }

    /// <summary>Class scores of whole volumes from their slices, by a net of 3D convolutions.</summary>
    /// <param name="slices">[ΣN, 1, S, S].</param>
    /// <param name="lengths">N of each volume.</param>
    /// <returns>Logits [B, classes]; the caller's.</returns>
    internal Tensor Forward(Tensor slices, long[] lengths)
    {
        using var scope = NewDisposeScope();
        return Net.forward(SlicePacking.ToVolumes(slices.to(Device), lengths), lengths).MoveToOuterDisposeScope();
    }

    private static double[] Probabilities(Tensor logits) => [.. logits.to(float64).softmax(1).cpu().data<double>()];

    private static string EncoderName(ClassifierSettings settings) => settings.Volumetric ? DescribedNets.ResNet3d : DescribedNets.SliceEncoder;

    /// <summary>The nets that pre-training makes; a volume encoder that the first weights lacked learns like the head.</summary>
    bool IFineTuneModel.IsPretrained(string parameter) =>
        parameter.StartsWith("slice_encoder.", StringComparison.Ordinal)
        || parameter.StartsWith("resnet_3d.", StringComparison.Ordinal)
        || (!_isVolumeEncoderNew && parameter.StartsWith("volume_encoder.", StringComparison.Ordinal));

    /// <inheritdoc/>
    public void Dispose()
    {
        Chunks.Dispose();
        Net.Dispose();
    }
}
