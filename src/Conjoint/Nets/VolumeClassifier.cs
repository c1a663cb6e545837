using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>
/// The paper's 3D classifier: two fully connected layers, with ReLU and dropout between them, on the volume embedding of Eq. (10). An
/// image is a volume of one slice.
/// </summary>
/// <remarks>Names: <c>slice_encoder.*</c>, <c>volume_encoder.*</c>, <c>head.fc1|fc2.weight|bias</c>; the first two are those of pre-trained weights.</remarks>
public sealed class VolumeClassifier : Module<Tensor, long[], Tensor>
{
    [ComponentName(Name = "slice_encoder")] private readonly SliceEncoder _sliceEncoder;
    [ComponentName(Name = "volume_encoder")] private readonly VolumeEncoder _volumeEncoder;
    [ComponentName(Name = "head")] private readonly ClassificationHead _head;

    /// <summary>Makes the head at random on top of given encoders, on the CPU, in float32.</summary>
    /// <param name="sliceEncoder">f_intra, which goes on to train; disposed together with the classifier.</param>
    /// <param name="volumeEncoder">f_inter, likewise; takes the slice encoder's features.</param>
    /// <param name="classes">Number of classes; at least 2.</param>
    /// <param name="hiddenWidth">Width between the two layers; at least 1.</param>
    /// <param name="dropout">Share of hidden values that a training step leaves out; in [0, 1).</param>
    /// <param name="name">The module's name.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or the encoders don't fit together.</exception>
    public VolumeClassifier(SliceEncoder sliceEncoder, VolumeEncoder volumeEncoder, int classes, int hiddenWidth, double dropout, string name = "volume_classifier")
        : base(name)
    {
        if (volumeEncoder.Features != sliceEncoder.FeatureWidth)
            throw new ArgumentException($"VolumeClassifier: the slice encoder gives {sliceEncoder.FeatureWidth} features, the volume encoder takes {volumeEncoder.Features}.", nameof(volumeEncoder));
        if (classes < 2 || hiddenWidth < 1 || dropout is not (>= 0 and < 1))
            throw new ArgumentException($"VolumeClassifier: {classes} classes (at least 2), hidden width {hiddenWidth} (at least 1), dropout {dropout} (a share below 1).", nameof(classes));
        _sliceEncoder = sliceEncoder;
        _volumeEncoder = volumeEncoder;
        _head = new ClassificationHead(volumeEncoder.Settings.Width, hiddenWidth, classes, dropout);
        Classes = classes;
        RegisterComponents();
    }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>f_intra.</summary>
    public SliceEncoder SliceEncoder => _sliceEncoder;

    /// <summary>f_inter.</summary>
    public VolumeEncoder VolumeEncoder => _volumeEncoder;

    /// <summary>Class scores of every volume from the features of its slices.</summary>
    /// <param name="features">Y of Eq. (9): [B, Nmax, F_in], each volume's slices first, then padding.</param>
    /// <param name="lengths">N of each volume, [B], from 1 to Nmax.</param>
    /// <returns>Logits [B, classes]; the caller's.</returns>
    public override Tensor forward(Tensor features, long[] lengths)
    {
        using var scope = NewDisposeScope();
        var (_, embedding) = _volumeEncoder.Encode(features, lengths);                      // [B, d], unit rows
        return _head.forward(embedding).MoveToOuterDisposeScope();
    }
}
