using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Nets.Detection;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;
using Conjoint.Training;
using static TorchSharp.torch;

namespace Conjoint.Tasks.Detection;

/// <summary>A Faster R-CNN with what is needed to use it: its classes and the scaling of its input.</summary>
/// <remarks>Computes on the processor. One user at a time.</remarks>
public sealed class BoxDetector : IFineTuneModel, IDisposable
{
    private BoxDetector(FasterRcnn net, DetectorDescription description, InputNormalisation input) => (Net, Description, Input) = (net, description, input);

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Classes => Description.Classes;

    /// <summary>Size and scaling of the input.</summary>
    public InputNormalisation Input { get; }

    internal DetectorDescription Description { get; }

    internal FasterRcnn Net { get; }

    nn.Module IFineTuneModel.Net => Net;

    /// <summary>Builds a net with random first weights, which the seed alone decides as long as no other thread draws from libtorch's generator.</summary>
    internal static BoxDetector Create(SliceEncoderSettings encoder, DetectorDescription description, InputNormalisation input, long seed)
    {
        manual_seed(seed);
        var settings = new FasterRcnnSettings { PyramidWidth = description.PyramidWidth, HeadWidth = description.HeadWidth, LeastScore = description.LeastScore };
        return new BoxDetector(new FasterRcnn(new SliceEncoder(encoder), description.Classes.Count, settings), description, input);
    }

    /// <summary>Opens a fine-tuned detector.</summary>
    /// <param name="model">The folder of a finished fine-tuning run, or its <c>weights.safetensors</c>.</param>
    /// <exception cref="InputDataException">There is no such model, or it is none for detection.</exception>
    public static BoxDetector Open(string model)
    {
        var path = FineTunedModel.PathOf(model);
        using var file = WeightsFile.Read(path);
        if (file.Card.Task != FineTunedModel.Detect
            || DescribedNets.Find<DetectorDescription>(path, file.Card, DetectorDescription.CardName) is not { } description
            || DescribedNets.Find<SliceEncoderSettings>(path, file.Card, DescribedNets.SliceEncoder) is not { } encoder)
            throw new InputDataException(path, "weights without a detector; expected the result of 'conjoint finetune detect'.");
        DescribedNets.Require(path, file.Tensors, DescribedNets.SliceEncoder, encoder.Faults(), () => encoder.KernelNumbers);
        DescribedNets.Require(path, file.Tensors, DetectorDescription.CardName, description.Faults(), () => description.WeightNumbers);
        var detector = Create(encoder, description, file.Card.Input, seed: 0);
        NetState.Load(detector.Net, path, file.Tensors);
        return detector;
    }

    /// <summary>Finds boxes on a case's image.</summary>
    /// <param name="store">The case's store.</param>
    /// <param name="storeCase">A case of one slice.</param>
    /// <returns>In pixels of the stored image, by falling score.</returns>
    public IReadOnlyList<FoundBox> Detect(PreparedStore store, StoreCase storeCase)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(storeCase);
        return Detect(0, SliceGeometry.Fit(storeCase, Input.Size), (first, count, destination) => store.ReadSlices(storeCase, first, count, destination));
    }

    /// <summary>Finds boxes on one slice.</summary>
    /// <param name="slice">Its number, from 0.</param>
    /// <param name="geometry">How a slice lies in the net's input.</param>
    /// <param name="read">Where slices come from.</param>
    /// <returns>In pixels of the slice, inside of it, by falling score.</returns>
    public IReadOnlyList<FoundBox> Detect(int slice, SliceGeometry geometry, SliceReader read)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentNullException.ThrowIfNull(read);
        Net.eval();
        var values = new float[geometry.Height * geometry.Width];
        read(slice, 1, values);
        var square = new float[Input.Size * Input.Size];
        geometry.Forward(values, square);
        new PixelNormalisation(Input.Mean, Input.Std).Apply(square);
        using var scope = NewDisposeScope();
        var found = Net.Detect(tensor(square, [1, 1, Input.Size, Input.Size]));
        return [.. found.Select(f => OnSlice(f, geometry)).Where(f => f.X2 > f.X1 && f.Y2 > f.Y1)];
    }

    private FoundBox OnSlice(DetectedBox found, SliceGeometry geometry)
    {
        var back = geometry.Back(new Box(found.Box.X1, found.Box.Y1, found.Box.X2, found.Box.Y2, Classes[found.Class]));
        var inside = new BoxCorners(back.X1, back.Y1, back.X2, back.Y2).ClipTo(geometry.Height, geometry.Width);
        return new FoundBox(back.Class, inside.X1, inside.Y1, inside.X2, inside.Y2, found.Score);
    }

    bool IFineTuneModel.IsPretrained(string parameter) => parameter.StartsWith("backbone.body.", StringComparison.Ordinal);

    /// <inheritdoc/>
    public void Dispose() => Net.Dispose();
}
