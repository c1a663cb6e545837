using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets.Detection;

/// <summary>Faster R-CNN with a feature pyramid on the pre-trained <see cref="SliceEncoder"/>: the paper's detector.</summary>
/// <remarks>
/// Structure and names of torchvision's <c>fasterrcnn_resnet50_fpn</c>: <c>backbone.body.*</c>, <c>backbone.fpn.*</c>, <c>rpn.head.*</c>,
/// <c>roi_heads.box_head.*</c>, <c>roi_heads.box_predictor.*</c>; its frozen batch norms are ordinary ones here, which
/// <c>Encoder.eval()</c> freezes. All images of a batch have one size. Sources: Ren et al., "Faster R-CNN" (2015); Lin et al.,
/// "Feature Pyramid Networks for Object Detection" (2017).
/// </remarks>
public sealed class FasterRcnn : Module
{
    private const int Levels = 5;               // P2 to P6
    private const int PooledLevels = 4;         // P2 to P5
    private const double SmallestSide = 1e-2;   // torchvision's

    [ComponentName(Name = "backbone")] private readonly DetectorBackbone _backbone;
    [ComponentName(Name = "rpn")] private readonly ProposalNetwork _proposals;
    [ComponentName(Name = "roi_heads")] private readonly BoxNetwork _boxes;

    /// <summary>Makes pyramid and heads at random beside a given encoder, on the CPU, in float32.</summary>
    /// <param name="encoder">The backbone, which goes on to train; disposed together with the detector.</param>
    /// <param name="classes">Classes without the background; at least 1.</param>
    /// <param name="settings">Widths and thresholds; null for torchvision's.</param>
    /// <param name="name">The module's name.</param>
    /// <exception cref="ArgumentException">Classes or widths are not positive, or the anchors don't suit five levels.</exception>
    public FasterRcnn(SliceEncoder encoder, int classes, FasterRcnnSettings? settings = null, string name = "faster_rcnn")
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        Settings = settings ?? new FasterRcnnSettings();
        if (classes < 1 || Settings.PyramidWidth < 1 || Settings.HeadWidth < 1)
            throw new ArgumentException($"FasterRcnn: {classes} classes and the widths {Settings.PyramidWidth} and {Settings.HeadWidth} must be positive.", nameof(settings));
        var anchors = Settings.Anchors;
        if (anchors.Sizes.Count != Levels || anchors.PerCell(0) < 1 || Enumerable.Range(0, Levels).Any(l => anchors.PerCell(l) != anchors.PerCell(0)))
            throw new ArgumentException($"FasterRcnn: anchors need sizes for {Levels} levels, as many at each; {anchors.Sizes.Count} are given.", nameof(settings));
        Classes = classes;
        _backbone = new DetectorBackbone(encoder, Settings.PyramidWidth);
        _proposals = new ProposalNetwork(Settings);
        _boxes = new BoxNetwork(Settings, classes + 1);
        RegisterComponents();
    }

    /// <summary>Classes without the background.</summary>
    public int Classes { get; }

    /// <summary>Widths and thresholds.</summary>
    public FasterRcnnSettings Settings { get; }

    /// <summary>The backbone; in eval mode its batch norms stay as the pre-training left them, whatever the detector's mode.</summary>
    public SliceEncoder Encoder => _backbone.Encoder;

    /// <summary>Finds boxes. Put the detector into eval mode first.</summary>
    /// <param name="slices">[B, 1 or 3, H, W].</param>
    /// <returns>Image by image, on each by falling score; classes from 0, boxes inside the images.</returns>
    public DetectedBox[] Detect(Tensor slices)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var image = SizeOf(slices);
        var maps = Features(slices);
        var regions = Select(Score(maps, image), image, Settings.Proposals);
        var (logits, deltas) = Classify(maps, regions);
        var probabilities = FourColumns.Values(logits.softmax(1));
        var shifts = BoxDelta.FromTensor(deltas.reshape(-1, 4));
        return [.. Enumerable.Range(0, (int)slices.shape[0]).SelectMany(b => OnImage(b, image, regions, probabilities, shifts))];
    }

    /// <summary>P2 to P6.</summary>
    internal IReadOnlyList<Tensor> Features(Tensor slices) => _backbone.forward(slices);

    /// <summary>Scores of all anchors.</summary>
    internal ProposalScores Score(IReadOnlyList<Tensor> maps, (int Height, int Width) image) => _proposals.forward(maps, image);

    /// <summary>The proposals of all images, without gradient.</summary>
    internal Region[] Select(ProposalScores scores, (int Height, int Width) image, int count) => _proposals.Select(scores, image, count, count);

    /// <summary>Logits [R, classes + 1], background first, and deltas [R, classes + 1, 4] of regions.</summary>
    internal (Tensor Classes, Tensor Deltas) Classify(IReadOnlyList<Tensor> maps, IReadOnlyList<Region> regions) =>
        _boxes.forward([.. maps.Take(PooledLevels)], regions);

    /// <summary>Height and width of a batch's images.</summary>
    internal static (int Height, int Width) SizeOf(Tensor slices) => ((int)slices.shape[^2], (int)slices.shape[^1]);

    private IEnumerable<DetectedBox> OnImage(int image, (int Height, int Width) size, Region[] regions, double[] probabilities, BoxDelta[] deltas)
    {
        var columns = Classes + 1;
        var found = new List<DetectedBox>();
        for (var r = 0; r < regions.Length; r++)
        {
            if (regions[r].Image != image)
                continue;
            for (var c = 1; c < columns; c++)
            {
                var score = probabilities[r * columns + c];
                if (!(score > Settings.LeastScore))
                    continue;
                var box = Settings.BoxCoding.Decode(deltas[r * columns + c], regions[r].Box).ClipTo(size.Height, size.Width);
                if (box.Width >= SmallestSide && box.Height >= SmallestSide)
                    found.Add(new DetectedBox(image, c - 1, box, score));
            }
        }

        var kept = NonMaximumSuppression.KeepByClass(
            [.. found.Select(f => f.Box)], [.. found.Select(f => f.Score)], [.. found.Select(f => f.Class)], Settings.DetectionIou);
        return kept.Take(Settings.MostDetections).Select(k => found[k]);
    }
}
