using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets.Detection;

/// <summary>The region proposal network: anchors of all levels with their scores, and the proposals that follow from them.</summary>
internal sealed class ProposalNetwork : Module<IReadOnlyList<Tensor>, (int Height, int Width), ProposalScores>
{
    private const double SmallestSide = 1e-3;   // torchvision's

    [ComponentName(Name = "head")] private readonly ProposalHead _head;
    private readonly AnchorGenerator _anchors;
    private readonly double _iou;

    public ProposalNetwork(FasterRcnnSettings settings)
        : base(nameof(ProposalNetwork))
    {
        _anchors = settings.Anchors;
        _iou = settings.ProposalIou;
        _head = new ProposalHead(settings.PyramidWidth, _anchors.PerCell(0));
        RegisterComponents();
    }

    /// <summary>Scores every anchor.</summary>
    /// <param name="maps">P2 to P6.</param>
    /// <param name="image">Height and width of the images in pixels.</param>
    public override ProposalScores forward(IReadOnlyList<Tensor> maps, (int Height, int Width) image)
    {
        using var scope = NewDisposeScope();
        var (objectness, deltas, anchors, sizes) = (new List<Tensor>(), new List<Tensor>(), new List<BoxCorners>(), new List<int>());
        for (var level = 0; level < maps.Count; level++)
        {
            var (scores, shifts) = _head.forward(maps[level]);
            objectness.Add(scores);
            deltas.Add(shifts);
            var ofLevel = _anchors.OfLevel(level, image, ((int)maps[level].shape[2], (int)maps[level].shape[3]));
            anchors.AddRange(ofLevel);
            sizes.Add(ofLevel.Length);
        }

        return new ProposalScores([.. anchors], sizes, cat(objectness, 1).MoveToOuterDisposeScope(), cat(deltas, 1).MoveToOuterDisposeScope());
    }

    /// <summary>The best anchors of each level, moved and stretched as predicted, clipped to the image and thinned out level by level.</summary>
    /// <param name="scores">What the head said; no gradient flows through.</param>
    /// <param name="image">Height and width of the images in pixels.</param>
    /// <param name="candidates">So many anchors of a level are looked at.</param>
    /// <param name="count">So many proposals of an image stay.</param>
    public Region[] Select(ProposalScores scores, (int Height, int Width) image, int candidates, int count)
    {
        using var noGradient = no_grad();
        var regions = new List<Region>();
        for (var b = 0; b < (int)scores.Objectness.shape[0]; b++)
        {
            var (boxes, values, levels) = Candidates(scores, b, image, candidates);
            var kept = NonMaximumSuppression.KeepByClass(boxes, values, levels, _iou);
            regions.AddRange(kept.Take(count).Select(k => new Region(b, boxes[k])));
        }

        return [.. regions];
    }

    private static (BoxCorners[] Boxes, double[] Scores, int[] Levels) Candidates(ProposalScores scores, int b, (int Height, int Width) image, int candidates)
    {
        var (boxes, values, levels) = (new List<BoxCorners>(), new List<double>(), new List<int>());
        var coding = new BoxCoding();
        var first = 0;
        for (var level = 0; level < scores.LevelSizes.Count; level++)
        {
            using var scope = NewDisposeScope();
            var size = scores.LevelSizes[level];
            var (best, indices) = scores.Objectness[b].narrow(0, first, size).topk(Math.Min(size, candidates));
            var deltas = BoxDelta.FromTensor(scores.Deltas[b].narrow(0, first, size).index_select(0, indices));
            var chosen = indices.cpu().data<long>().ToArray();
            var logits = FourColumns.Values(best);
            for (var i = 0; i < chosen.Length; i++)
            {
                var box = coding.Decode(deltas[i], scores.Anchors[first + chosen[i]]).ClipTo(image.Height, image.Width);
                if (!(box.Width >= SmallestSide && box.Height >= SmallestSide))
                    continue; // nothing left on the image, or not a number
                boxes.Add(box);
                values.Add(logits[i]);
                levels.Add(level);
            }

            first += size;
        }

        return ([.. boxes], [.. values], [.. levels]);
    }
}
