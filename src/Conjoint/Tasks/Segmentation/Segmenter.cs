using System.Buffers;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;
using Conjoint.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tasks.Segmentation;

/// <summary>A segmentation net with what is needed to use it: its classes and the scaling of its input.</summary>
/// <remarks>Volumes are segmented slice by slice and merged, as in the paper. One user at a time.</remarks>
public sealed class Segmenter : IFineTuneModel, IDisposable
{
    private const int SlicesAtOnce = 8; // bounds memory; enough to keep two cores busy

    private readonly bool _isVolumeEncoderNew;
    private readonly int? _depth; // most slices that a net of 3D convolutions sees together; null for the paper's

    internal Segmenter(
        nn.Module<Tensor, Tensor> net, ClassMap map, InputNormalisation input, Device device, IReadOnlyList<string>? channels = null, bool isVolumeEncoderNew = false, int? depth = null) =>
        (Net, Map, Input, Device, Channels, _isVolumeEncoderNew, _depth) = (net, map, input, device, channels ?? [], isVolumeEncoderNew, depth);

    /// <summary>The mask values of the foreground classes.</summary>
    public IReadOnlyList<int> Labels => Map.Labels;

    /// <summary>Names of the images that it sees together, in order; empty where it takes one.</summary>
    public IReadOnlyList<string> Channels { get; }

    /// <summary>Size and scaling of the input.</summary>
    public InputNormalisation Input { get; }

    /// <summary>A <see cref="UNet"/>, or a <see cref="UNet3d"/>.</summary>
    internal nn.Module<Tensor, Tensor> Net { get; }

    /// <summary>The net where it is the paper's.</summary>
    internal UNet SliceNet => (UNet)Net;

    nn.Module IFineTuneModel.Net => Net;

    internal ClassMap Map { get; }

    internal Device Device { get; }

    /// <summary>Builds a net with random first weights, which the seed alone decides as long as no other thread draws from libtorch's generator.</summary>
    internal static Segmenter Create(
        SliceEncoderSettings encoder, UNetSettings decoder, ClassMap map, InputNormalisation input, long seed, Device device,
        IReadOnlyList<string>? channels = null, VolumeEncoderSettings? context = null, bool isVolumeEncoderNew = false, int? depth = null)
    {
        manual_seed(seed);
        if (depth is not null)
        {
            var deep = new UNet3d(new ResNet3d(encoder, channels: channels?.Count ?? 1), map.Outputs, decoder);
            deep.to(device);
            return new Segmenter(deep, map, input, device, channels, depth: depth);
        }

        var slices = new SliceEncoder(encoder, channels: channels?.Count ?? SliceEncoder.ColourChannels);
        var net = new UNet(slices, map.Outputs, decoder, context: context is null ? null : new VolumeEncoder(context, slices.FeatureWidth));
        net.to(device);
        return new Segmenter(net, map, input, device, channels, isVolumeEncoderNew);
    }

    /// <summary>Opens a fine-tuned segmenter.</summary>
    /// <param name="model">The folder of a finished fine-tuning run, or its <c>weights.safetensors</c>.</param>
    /// <param name="device"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <exception cref="InputDataException">There is no such model, or it is none for segmentation.</exception>
    public static Segmenter Open(string model, string device = "auto")
    {
        var path = FineTunedModel.PathOf(model);
        using var file = WeightsFile.Read(path);
        if (file.Card.Task != FineTunedModel.Segment
            || DescribedNets.Find<SegmenterSettings>(path, file.Card, SegmenterSettings.CardName) is not { } settings
            || DescribedNets.Find<SliceEncoderSettings>(path, file.Card, EncoderName(settings)) is not { } encoder)
            throw new InputDataException(path, "weights without a segmenter; expected the result of 'conjoint finetune segment'.");
        var axis = settings.Depth is null ? 1 : 3;                          // kernels of a third axis are three times as large
        DescribedNets.Require(path, file.Tensors, EncoderName(settings), encoder.Faults(), () => axis * encoder.KernelNumbers);
        DescribedNets.Require(
            path, file.Tensors, SegmenterSettings.CardName, settings.Faults(), () => axis * settings.Decoder.KernelNumbers(encoder.BaseWidth, ClassMap.OutputsOf(settings.Labels, settings.IsLayered)));
        var context = settings.VolumeContext
            ? DescribedNets.Find<VolumeEncoderSettings>(path, file.Card, DescribedNets.VolumeEncoder) ?? throw new InputDataException(path, "weights of a segmenter with context whose card describes no volume encoder.")
            : null;
        if (context is not null)
            DescribedNets.Require(path, file.Tensors, DescribedNets.VolumeEncoder, context.Faults(), () => context.MatrixNumbers(encoder.FeatureWidth));
        var segmenter = Create(
            encoder, settings.Decoder, new ClassMap(settings.Labels, settings.IsLayered), file.Card.Input, seed: 0, ComputeDevice.Resolve(device), settings.Channels, context, depth: settings.Depth);
        NetState.Load(segmenter.Net, path, file.Tensors);
        return segmenter;
    }

    /// <summary>
    /// The class of every voxel of a case: 0 background, k for <see cref="Labels"/>[k − 1]; where structures may overlap a set, bit k for
    /// <see cref="Labels"/>[k].
    /// </summary>
    /// <param name="store">The case's store.</param>
    /// <param name="storeCase">The case.</param>
    /// <returns>[N·H·W] on the stored grid.</returns>
    public ushort[] Segment(PreparedStore store, StoreCase storeCase)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(storeCase);
        return Segment(
            storeCase.Slices,
            SliceGeometry.Fit(storeCase, Input.Size),
            [.. ChannelCases.Of(store, storeCase, Channels).Select(image => (SliceReader)((first, count, destination) => store.ReadSlices(image, first, count, destination)))]);
    }

    /// <summary>The class, or the set of structures, of every voxel of a stack of slices.</summary>
    /// <param name="slices">Number of slices N; at least 1.</param>
    /// <param name="geometry">How a slice lies in the net's input.</param>
    /// <param name="read">Where the slices come from.</param>
    /// <returns>[N·H·W].</returns>
    public ushort[] Segment(int slices, SliceGeometry geometry, SliceReader read) => Segment(slices, geometry, [read]);

    /// <summary>The class of every voxel of a stack of slices in several channels.</summary>
    /// <param name="slices">Number of slices N; at least 1.</param>
    /// <param name="geometry">How a slice lies in the net's input.</param>
    /// <param name="channels">Where the slices of each channel come from, in the order of <see cref="Channels"/>.</param>
    /// <returns>[N·H·W].</returns>
    /// <exception cref="ArgumentException">There are more or fewer channels than the net takes.</exception>
    public ushort[] Segment(int slices, SliceGeometry geometry, IReadOnlyList<SliceReader> channels)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentNullException.ThrowIfNull(channels);
        if (channels.Count != Math.Max(1, Channels.Count))
            throw new ArgumentException($"The net takes {(Channels.Count == 0 ? "one image" : string.Join(", ", Channels))}, but {channels.Count} are given.", nameof(channels));
        Net.eval();
        var plane = geometry.Height * geometry.Width;
        var classes = new ushort[checked(slices * plane)];
        if (_depth is { } depth)
        {
            SegmentInRuns(slices, depth, geometry, channels, classes);
            return classes;
        }

        var run = Math.Min(SlicesAtOnce, slices) * plane;
        var values = new float[channels.Count * run];                        // channel after channel
        using var context = SliceNet.VolumeEncoder is null ? null : Context(slices, geometry, channels, values, run);
        for (var first = 0; first < slices; first += SlicesAtOnce)
        {
            var count = Math.Min(SlicesAtOnce, slices - first);
            Read(channels, first, count, plane, values, run);
            using var scope = NewDisposeScope();
            var logits = Logits(values, run, count, channels.Count, geometry, context?.narrow(0, first, count));   // [count, outputs, S, S]
            Classify(logits.data<float>().ToArray(), geometry, classes.AsSpan(first * plane, count * plane));
        }

        return classes;
    }

    /// <summary>Class scores of runs of slices, however the net sees them.</summary>
    /// <param name="slices">[ΣN, C, S, S].</param>
    /// <param name="lengths">N of each run.</param>
    /// <returns>Logits [ΣN, outputs, S, S]; the caller's.</returns>
    internal Tensor Forward(Tensor slices, IReadOnlyList<long> lengths)
    {
        if (_depth is null)
            return Net.forward(slices);
        using var scope = NewDisposeScope();
        return SlicePacking.ToSlices(Net.forward(SlicePacking.ToVolumes(slices, lengths)), lengths).MoveToOuterDisposeScope();
    }

    /// <summary>A net of 3D convolutions sees runs that overlap by half; where they do, the sum of their scores decides.</summary>
    private void SegmentInRuns(int slices, int depth, SliceGeometry geometry, IReadOnlyList<SliceReader> channels, Span<ushort> classes)
    {
        var (plane, scores) = (geometry.Height * geometry.Width, Map.Outputs * Input.Size * Input.Size);
        var length = Math.Min(depth, slices);
        var run = length * plane;
        var values = new float[channels.Count * run];                        // channel after channel
        var sums = new Dictionary<int, float[]>();                           // of slices that more runs may still add to
        for (var first = 0; ;)
        {
            Read(channels, first, length, plane, values, run);
            float[] logits;
            using (NewDisposeScope())
            using (no_grad())
                logits = Forward(Squares(values, run, length, channels.Count, geometry), [length]).to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
            for (var i = 0; i < length; i++)
            {
                if (!sums.TryGetValue(first + i, out var sum))
                    sums[first + i] = sum = new float[scores];
                for (var s = 0; s < scores; s++)
                    sum[s] += logits[i * scores + s];
            }

            var next = first + length == slices ? slices : Math.Min(first + Math.Max(1, length / 2), slices - length);
            for (var slice = first; slice < next; slice++)
            {
                Classify(sums[slice], geometry, classes.Slice(slice * plane, plane));
                sums.Remove(slice);
            }

            if (next == slices)
                return;
            first = next;
        }
    }

    private static void Read(IReadOnlyList<SliceReader> channels, int first, int count, int plane, float[] values, int run)
    {
        for (var c = 0; c < channels.Count; c++)
            channels[c](first, count, values.AsSpan(c * run, count * plane));
    }

    /// <summary>What all slices say about each other, [N, 32·base]; the caller's.</summary>
    private Tensor Context(int slices, SliceGeometry geometry, IReadOnlyList<SliceReader> channels, float[] values, int run)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var features = new List<Tensor>();
        for (var first = 0; first < slices; first += SlicesAtOnce)
        {
            var count = Math.Min(SlicesAtOnce, slices - first);
            Read(channels, first, count, geometry.Height * geometry.Width, values, run);
            using var input = Squares(values, run, count, channels.Count, geometry);
            features.Add(SliceNet.Encoder.forward(input));
        }

        return SliceNet.ContextOf(cat(features, 0)).MoveToOuterDisposeScope();
    }

    private static string EncoderName(SegmenterSettings settings) => settings.Depth is null ? DescribedNets.SliceEncoder : DescribedNets.ResNet3d;

    bool IFineTuneModel.IsPretrained(string parameter) => parameter.StartsWith("encoder.", StringComparison.Ordinal)
        || (!_isVolumeEncoderNew && parameter.StartsWith("volume_encoder.", StringComparison.Ordinal));

    /// <summary>The tensors of the net by name; they stay the net's.</summary>
    internal IReadOnlyDictionary<string, Tensor> State() => Net.state_dict();

    private Tensor Logits(float[] values, int run, int count, int channels, SliceGeometry geometry, Tensor? context)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var input = Squares(values, run, count, channels, geometry);
        var logits = context is null ? Net.forward(input) : SliceNet.InContext(input, context);
        return logits.to(ScalarType.Float32).cpu().contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Slices as the net takes them, [count, channels, S, S]; the caller's.</summary>
    private Tensor Squares(float[] values, int run, int count, int channels, SliceGeometry geometry)
    {
        var (plane, pixels) = (geometry.Height * geometry.Width, Input.Size * Input.Size);
        var squares = new float[count * channels * pixels];
        for (var i = 0; i < count; i++)
        {
            for (var c = 0; c < channels; c++)
                geometry.Forward(values.AsSpan(c * run + i * plane, plane), squares.AsSpan((i * channels + c) * pixels, pixels));
        }

        new PixelNormalisation(Input.Mean, Input.Std).Apply(squares);
        return tensor(squares, [count, channels, Input.Size, Input.Size]).to(Device);
    }

    /// <summary>Logits back on the slice's own pixels, then the class with the largest (ties go to the lower one), or every structure above 0.</summary>
    private void Classify(float[] logits, SliceGeometry geometry, Span<ushort> classes)
    {
        var (plane, pixels) = (geometry.Height * geometry.Width, Input.Size * Input.Size);
        var logit = ArrayPool<float>.Shared.Rent(plane);
        var largest = ArrayPool<float>.Shared.Rent(plane);
        for (var slice = 0; slice < classes.Length / plane; slice++)
        {
            var result = classes.Slice(slice * plane, plane);
            for (var k = 0; k < Map.Outputs; k++)
            {
                geometry.Back(logits.AsSpan((slice * Map.Outputs + k) * pixels, pixels), logit.AsSpan(0, plane));
                for (var i = 0; i < plane; i++)
                {
                    if (Map.IsLayered)
                    {
                        result[i] |= (ushort)(logit[i] > 0 ? 1 << k : 0);
                        continue;
                    }

                    if (k > 0 && !(logit[i] > largest[i]))
                        continue;
                    largest[i] = logit[i];
                    result[i] = (ushort)k;
                }
            }
        }

        ArrayPool<float>.Shared.Return(logit);
        ArrayPool<float>.Shared.Return(largest);
    }

    /// <inheritdoc/>
    public void Dispose() => Net.Dispose();
}
