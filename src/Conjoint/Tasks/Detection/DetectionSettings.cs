using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.FineTuning;

namespace Conjoint.Tasks.Detection;

/// <summary>How a detector is trained from images with boxes.</summary>
public sealed record DetectionSettings : FineTuneSettings
{
    /// <summary>The defaults.</summary>
    public DetectionSettings()
    {
        Batch = 4;                                                                          // two or more images, as torchvision's recipe
        Augmentation = new SliceAugmentationSettings { RotationDegrees = 0, FlipProbability = 0.5 }; // a turned box is no box
    }

    /// <summary>Rows and columns of the net's input; a multiple of 32. Boxes are small things: the input of a pre-training is too.</summary>
    [Bounds(AtLeast = 64, AtMost = 2048)]
    public int Size { get; init; } = 256;

    /// <summary>Whether the encoder's batch norms stay as the weights have them, since batches are small; null: where there are weights.</summary>
    public bool? FreezeNorms { get; init; }

    /// <summary>Of a changed training image, boxes of which less than this share is still to be seen are left out.</summary>
    [Bounds(AtLeast = 0, AtMost = 1)]
    public double LeastVisible { get; init; } = 0.3;

    /// <summary>Channels of every map of the feature pyramid.</summary>
    [Bounds(AtLeast = 1, AtMost = 65536)]
    public int PyramidWidth { get; init; } = 256; // torchvision

    /// <summary>Width of the two fully connected layers on a region.</summary>
    [Bounds(AtLeast = 1, AtMost = 65536)]
    public int HeadWidth { get; init; } = 1024; // torchvision

    /// <summary>Regions of an image that a step learns from; most of a step's time goes into them.</summary>
    [Bounds(AtLeast = 1)]
    public int Regions { get; init; } = 512; // torchvision

    /// <summary>Least probability of a detection.</summary>
    [Bounds(AtLeast = 0, AtMost = 1)]
    public double LeastScore { get; init; } = 0.05; // torchvision

    internal override bool IsAlwaysFull => true;

    /// <inheritdoc/>
    public override IEnumerable<SettingsProblem> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (Size % 32 != 0)
            yield return new SettingsProblem("size", $"received {Size}; expected a multiple of 32, such as {Math.Max(64, (Size + 16) / 32 * 32)}");
        if (Volumetric)
            yield return new SettingsProblem("volumetric", "boxes are looked for on images; expected false");
        if (Precision == Precision.Bf16)
            yield return new SettingsProblem("precision", "received bf16; detectors compute in 32 bits, expected fp32 or auto");
        if (Augmentation.RotationDegrees != 0)
            yield return new SettingsProblem("augmentation.rotation_degrees", "expected 0: a turned box is no box");
    }
}
