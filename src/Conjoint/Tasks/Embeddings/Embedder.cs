using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
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
    private readonly bool _hasColours;
    private readonly Device _device;

    private Embedder(SliceEncoder sliceEncoder, VolumeEncoder? volumeEncoder, InputNormalisation input, bool hasColours, Device device)
    {
        (_sliceEncoder, _volumeEncoder, Input, _hasColours, _device) = (sliceEncoder, volumeEncoder, input, hasColours, device);
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
        if (DescribedNets.Volumetric(source) is not null)
            throw new InputDataException(source.Path, "holds a net of 3D convolutions, a baseline that has no embedding of slices; expected weights of stage slices, masked or volumes.");
        if (DescribedNets.Slices(source) is not { } settings)
            throw new InputDataException(source.Path, "holds no slice encoder: it has no card that describes one, and no tensors of a ResNet with bottleneck blocks, such as torchvision's resnet50.");

        var sliceEncoder = new SliceEncoder(settings);
        List<LoadReport> reports = [NetWeights.Load(sliceEncoder, source.Path, source.Tensors, NetWeights.SlicePrefixes)];
        VolumeEncoder? volumeEncoder = null;
        if (DescribedNets.Volumes(source, sliceEncoder.FeatureWidth) is { } volumeSettings)
        {
            volumeEncoder = new VolumeEncoder(volumeSettings, sliceEncoder.FeatureWidth);
            reports.Add(NetWeights.Load(volumeEncoder, source.Path, source.Tensors, NetWeights.VolumePrefixes));
        }

        var hasColours = source.Card is { Input.Scale: InputScale.Released, Stage: StageName.Slices };
        return new Embedder(sliceEncoder, volumeEncoder, source.Card?.Input ?? InputNormalisation.Plain, hasColours, ComputeDevice.Resolve(device)) { Loaded = reports };
    }

    /// <summary>Encoders with random first weights: what an architecture gives without any training.</summary>
    /// <param name="slices">f_intra.</param>
    /// <param name="volumes">f_inter; null for none.</param>
    /// <param name="input">Size and scaling of the input.</param>
    /// <param name="seed">Decides the weights, as long as no other thread draws from libtorch's generator.</param>
    /// <param name="device"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    public static Embedder Untrained(SliceEncoderSettings slices, VolumeEncoderSettings? volumes, InputNormalisation input, long seed, string device = "auto") =>
        Untrained(slices, volumes, input, hasColours: false, seed, ComputeDevice.Resolve(device));

    /// <summary>Encoders built as these and given the same input, with random first weights.</summary>
    /// <param name="seed">Decides the weights.</param>
    internal Embedder Untrained(long seed) => Untrained(_sliceEncoder.Settings, _volumeEncoder?.Settings, Input, _hasColours, seed, _device);

    private static Embedder Untrained(SliceEncoderSettings slices, VolumeEncoderSettings? volumes, InputNormalisation input, bool hasColours, long seed, Device device)
    {
        ArgumentNullException.ThrowIfNull(slices);
        manual_seed(seed);
        var sliceEncoder = new SliceEncoder(slices);
        return new Embedder(sliceEncoder, volumes is null ? null : new VolumeEncoder(volumes, sliceEncoder.FeatureWidth), input, hasColours, device);
    }

    /// <summary>The embedding of every slice.</summary>
    /// <param name="slices">Number of slices N; at least 1.</param>
    /// <param name="geometry">How a slice lies in the net's input.</param>
    /// <param name="read">Where the slices come from.</param>
    /// <returns>[N·F], slice after slice; each level's part has unit length.</returns>
    public float[] Slices(int slices, SliceGeometry geometry, SliceReader read)
    {
        using var scope = NewDisposeScope();
        return [.. Features(0, slices, geometry, read).cpu().data<float>()];
    }

    /// <summary>The embedding of a volume of all its slices, Eq. (10); of its middle ones, where the weights take a fixed number.</summary>
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
        if (_volumeEncoder.Settings.Attention == AttentionAxis.Features)
            return FixedVolume(_volumeEncoder, slices, geometry, read);
        var features = Features(0, slices, geometry, read).unsqueeze(0);             // [1, N, F]
        return Embedding(_volumeEncoder, features);
    }

    /// <summary>The embedding of every slice, [N·F], and of the volume, [d], from one pass; without the second where there is no volume encoder.</summary>
    internal (float[] Slices, float[]? Volume) SlicesAndVolume(int slices, SliceGeometry geometry, SliceReader read)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var features = Features(0, slices, geometry, read);                          // [N, F]
        var volume = _volumeEncoder is null ? null
            : _volumeEncoder.Settings.Attention == AttentionAxis.Features ? FixedVolume(_volumeEncoder, slices, geometry, read)
            : Embedding(_volumeEncoder, features.unsqueeze(0));
        return ([.. features.cpu().data<float>()], volume);
    }

    /// <summary>released: the middle slices, with slices of zeros around where there are too few.</summary>
    private float[] FixedVolume(VolumeEncoder encoder, int slices, SliceGeometry geometry, SliceReader read)
    {
        var wanted = encoder.Settings.Slices;
        var (source, target, count) = CentredCrop.Axis(slices, wanted);
        var rows = new List<Tensor>();
        void Empty(int n)
        {
            if (n > 0)
                rows.Add(Features(0, 1, geometry, (_, _, values) => values.Clear()).expand(n, -1));
        }

        Empty(target);
        rows.Add(Features(source, count, geometry, read));
        Empty(wanted - target - count);
        return Embedding(encoder, cat([.. rows], 0).unsqueeze(0));                   // [1, N, F]
    }

    private static float[] Embedding(VolumeEncoder encoder, Tensor features)
    {
        var embedding = encoder.Encode(features, [features.shape[1]]).Embedding;     // [1, d]
        return [.. embedding.cpu().contiguous().data<float>()];
    }

    /// <summary>Y of Eq. (9) for slices from <paramref name="first"/> on.</summary>
    private Tensor Features(int first, int slices, SliceGeometry geometry, SliceReader read) => SliceFeatures.Of(
        _sliceEncoder, slices, geometry, (n, count, values) => read(first + n, count, values), Input, _device, _hasColours);    // [N, F]

    /// <inheritdoc/>
    public void Dispose()
    {
        _sliceEncoder.Dispose();
        _volumeEncoder?.Dispose();
    }
}
