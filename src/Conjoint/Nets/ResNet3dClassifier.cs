using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>The classifier of the paper's 3D baselines: the two fully connected layers of <see cref="VolumeClassifier"/> on the pooled last level of a <see cref="ResNet3d"/>.</summary>
/// <remarks>Names: <c>resnet_3d.*</c>, <c>head.fc1|fc2.weight|bias</c>. The pooled level has no unit length, as with ResNets everywhere.</remarks>
public sealed class ResNet3dClassifier : Module<Tensor, long[], Tensor>
{
    [ComponentName(Name = "resnet_3d")] private readonly ResNet3d _encoder;
    [ComponentName(Name = "head")] private readonly ClassificationHead _head;

    /// <summary>Makes the head at random on top of a given encoder, on the CPU, in float32.</summary>
    /// <param name="encoder">The encoder, which goes on to train; disposed together with the classifier.</param>
    /// <param name="classes">Number of classes; at least 2.</param>
    /// <param name="hiddenWidth">Width between the two layers; at least 1.</param>
    /// <param name="dropout">Share of hidden values that a training step leaves out; in [0, 1).</param>
    /// <param name="name">The module's name.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public ResNet3dClassifier(ResNet3d encoder, int classes, int hiddenWidth, double dropout, string name = "resnet_3d_classifier")
        : base(name)
    {
        if (classes < 2 || hiddenWidth < 1 || dropout is not (>= 0 and < 1))
            throw new ArgumentException($"ResNet3dClassifier: {classes} classes (at least 2), hidden width {hiddenWidth} (at least 1), dropout {dropout} (a share below 1).", nameof(classes));
        _encoder = encoder;
        _head = new ClassificationHead(encoder.PooledWidth, hiddenWidth, classes, dropout);
        Classes = classes;
        RegisterComponents();
    }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>The encoder.</summary>
    public ResNet3d Encoder => _encoder;

    /// <summary>Class scores of every volume.</summary>
    /// <param name="volumes">[B, 1, Dmax, H, W], each volume's slices first, then padding.</param>
    /// <param name="lengths">D of each volume, [B], from 1 to Dmax.</param>
    /// <returns>Logits [B, classes]; the caller's.</returns>
    public override Tensor forward(Tensor volumes, long[] lengths)
    {
        using var scope = NewDisposeScope();
        return _head.forward(_encoder.Pooled(volumes, lengths)).MoveToOuterDisposeScope();
    }
}
