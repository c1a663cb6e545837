using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;
using Conjoint.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tasks.Embeddings;

/// <summary>Pre-trained encoders that turn slices and volumes into vectors.</summary>
/// <remarks>One user at a time. The vectors of equal input are equal.</remarks>
public sealed class Embedder : IDisposable
{
    private readonly SliceEncoder _sliceEncoder;
    private readonly VolumeEncoder? _volumeEncoder;
    private readonly Device _device;

    private Embedder(SliceEncoder sliceEncoder, VolumeEncoder? volumeEncoder, InputNormalisation input, Device device)
    {
        (_sliceEncoder, _volumeEncoder, Input, _device) = (sliceEncoder, volumeEncoder, input, device);
        _sliceEncoder.to(device).eval();
        _volumeEncoder?.to(device).eval();
    }

    /// <summary>Size and scaling of the input.</summary>
    public InputNormalisation Input { get; }

    /// <summary>What became of the file's tensors: the slice encoder's, then the volume encoder's where there is one.</summary>
    public IReadOnlyList<LoadReport> Loaded { get; private init; } = [];

    /// <summary>Width of a slice's embedding: 3904 at full size.</summary>
    public int SliceWidth => _sliceEncoder.FeatureWidth;

    /// <summary>Width of a volume's embedding, 640 at full size; null where the weights hold no volume encoder.</summary>
    public int? VolumeWidth => _volumeEncoder?.Settings.Width;

    /// <summary>Opens weights.</summary>
    /// <param name="weights">A weights file or a run's folder. A file without a card is scaled by <see cref="InputNormalisation.Plain"/>.</param>
    /// <param name="device"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <exception cref="InputDataException">No such weights, or they hold no slice encoder.</exception>
    public static Embedder Open(string weights, string device = "auto")
    {
        using var source = WeightsSource.Open(weights)
            ?? throw new InputDataException(weights, "no weights; expected a weights file or a run's folder.");
        if ((source.Card?.Net<SliceEncoderSettings>(NetNames.SliceEncoder) ?? ResNetShape.Of(source.Tensors)) is not { } settings)
            throw new InputDataException(source.Path, "holds no slice encoder: it has no card that describes one, and no tensors of a ResNet with bottleneck blocks, such as torchvision's resnet50.");

        var sliceEncoder = new SliceEncoder(settings);
        List<LoadReport> reports = [NetWeights.Load(sliceEncoder, source.Path, source.Tensors, NetWeights.SlicePrefixes)];
        VolumeEncoder? volumeEncoder = null;
        if (source.Card?.Net<VolumeEncoderSettings>(NetNames.VolumeEncoder) is { } volumeSettings && NetWeights.HoldVolumeEncoder(source.Tensors))
        {
            volumeEncoder = new VolumeEncoder(volumeSettings, sliceEncoder.FeatureWidth);
            reports.Add(NetWeights.Load(volumeEncoder, source.Path, source.Tensors, NetWeights.VolumePrefixes));
        }

        return new Embedder(sliceEncoder, volumeEncoder, source.Card?.Input ?? InputNormalisation.Plain, ComputeDevice.Resolve(device)) { Loaded = reports };
    }

    /// <summary>Encoders with random first weights: what an architecture gives without any training.</summary>
    /// <param name="slices">f_intra.</param>
    /// <param name="volumes">f_inter.</param>
    /// <param name="input">Size and scaling of the input.</param>
    /// <param name="seed">Decides the weights, as long as no other thread draws from libtorch's generator.</param>
    /// <param name="device"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    public static Embedder Untrained(SliceEncoderSettings slices, VolumeEncoderSettings volumes, InputNormalisation input, long seed, string device = "auto")
    {
        ArgumentNullException.ThrowIfNull(slices);
        ArgumentNullException.ThrowIfNull(volumes);
        manual_seed(seed);
        var sliceEncoder = new SliceEncoder(slices);
        return new Embedder(sliceEncoder, new VolumeEncoder(volumes, sliceEncoder.FeatureWidth), input, ComputeDevice.Resolve(device));
    }

    /// <summary>The embedding of every slice.</summary>
    /// <param name="slices">Number of slices N; at least 1.</param>
    /// <param name="geometry">How a slice lies in the net's input.</param>
    /// <param name="read">Where the slices come from.</param>
    /// <returns>[N·F], slice after slice; each level's part has unit length.</returns>
    public float[] Slices(int slices, SliceGeometry geometry, SliceReader read)
    {
        using var scope = NewDisposeScope();
        return [.. Features(slices, geometry, read).cpu().data<float>()];
    }

    /// <summary>The embedding of a volume of all its slices, Eq. (10).</summary>
    /// <param name="slices">Number of slices N; at least 1.</param>
    /// <param name="geometry">How a slice lies in the net's input.</param>
    /// <param name="read">Where the slices come from.</param>
    /// <returns>[d], a unit vector.</returns>
    /// <exception cref="InvalidOperationException">The weights hold no volume encoder.</exception>
    public float[] Volume(int slices, SliceGeometry geometry, SliceReader read)
    {
        if (_volumeEncoder is null)
            throw new InvalidOperationException("The weights hold no volume encoder.");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var features = Features(slices, geometry, read).unsqueeze(0);                // [1, N, F]
        var embedding = _volumeEncoder.Encode(features, [slices]).Embedding;         // [1, d]
        return [.. embedding.cpu().contiguous().data<float>()];
    }

    private Tensor Features(int slices, SliceGeometry geometry, SliceReader read) =>
        SliceFeatures.Of(_sliceEncoder, slices, geometry, read, Input, _device);    // [N, F]

    /// <inheritdoc/>
    public void Dispose()
    {
        _sliceEncoder.Dispose();
        _volumeEncoder?.Dispose();
    }
}
