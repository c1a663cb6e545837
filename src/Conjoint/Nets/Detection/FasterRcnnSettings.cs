namespace Conjoint.Nets.Detection;

/// <summary>The shape of <c>FasterRcnn</c> and how it chooses boxes; defaults are torchvision's.</summary>
public sealed record FasterRcnnSettings
{
    /// <summary>Channels of every map of the feature pyramid.</summary>
    public int PyramidWidth { get; init; } = 256;

    /// <summary>Width of the two fully connected layers.</summary>
    public int HeadWidth { get; init; } = 1024;

    /// <summary>Anchors of the five levels P2 to P6.</summary>
    public AnchorGenerator Anchors { get; init; } = new();

    /// <summary>IoU above which proposals of a level cover one another.</summary>
    public double ProposalIou { get; init; } = 0.7;

    /// <summary>Anchors of a level that are looked at, and proposals of an image that stay, in training.</summary>
    public int TrainingProposals { get; init; } = 2000;

    /// <summary>The same in use.</summary>
    public int Proposals { get; init; } = 1000;

    /// <summary>Factors of the second step's box regression.</summary>
    public BoxCoding BoxCoding { get; init; } = new() { Weights = new BoxDelta(10, 10, 5, 5) };

    /// <summary>Least probability of a detection.</summary>
    public double LeastScore { get; init; } = 0.05;

    /// <summary>IoU above which detections of a class cover one another.</summary>
    public double DetectionIou { get; init; } = 0.5;

    /// <summary>Detections of an image, all classes together.</summary>
    public int MostDetections { get; init; } = 100;
}
