using Conjoint.Data.Augmentation;
using Conjoint.Nets.Detection;
using static TorchSharp.torch;

namespace Conjoint.Tasks.Detection;

/// <summary>What a detector gets wrong on a batch: both steps of Faster R-CNN together.</summary>
/// <remarks>Sources: Girshick, "Fast R-CNN" (2015), Eq. (1)–(3); Ren et al., "Faster R-CNN" (2015), Eq. (1); weights and the bend of the smooth L1 as torchvision.</remarks>
public static class DetectorLoss
{
    private const double Bend = 1.0 / 9;   // below this difference the smooth L1 is a square

    /// <summary>Forward pass, samples and losses.</summary>
    /// <param name="net">The detector, in training mode.</param>
    /// <param name="slices">[B, 1 or 3, H, W].</param>
    /// <param name="truths">True boxes of all images; an image may have none.</param>
    /// <param name="settings">Which anchors and regions count.</param>
    /// <param name="random">Draws them.</param>
    /// <returns>Scalars with gradient; the caller's.</returns>
    /// <exception cref="ArgumentException">A true box has no area, or lies on no image or in no class.</exception>
    public static DetectorLosses Of(FasterRcnn net, Tensor slices, IReadOnlyList<TrueBox> truths, DetectorLossSettings settings, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(net);
        foreach (var truth in truths)
        {
            if (!(truth.Box.Width > 0 && truth.Box.Height > 0) || truth.Image < 0 || truth.Image >= slices.shape[0] || truth.Class < 0 || truth.Class >= net.Classes)
                throw new ArgumentException($"DetectorLoss: {truth} must have an area, lie on one of {slices.shape[0]} images and in one of {net.Classes} classes.", nameof(truths));
        }

        using var scope = NewDisposeScope();
        var image = FasterRcnn.SizeOf(slices);
        TrueBox[][] perImage = [.. Enumerable.Range(0, (int)slices.shape[0]).Select(b => truths.Where(t => t.Image == b).ToArray())];

        var maps = net.Features(slices);
        var scores = net.Score(maps, image);
        var (objectness, anchors) = OfAnchors(scores, perImage, settings, random);

        // The true boxes are regions too: early on, no proposal comes near them.
        Region[] regions = [.. net.Select(scores, image, net.Settings.TrainingProposals), .. truths.Select(t => new Region(t.Image, t.Box))];
        var (classes, boxes) = OfRegions(net, maps, regions, perImage, settings, random);

        foreach (var loss in new[] { objectness, anchors, classes, boxes })
            loss.MoveToOuterDisposeScope();
        return new DetectorLosses(objectness, anchors, classes, boxes);
    }

    private static (Tensor Objectness, Tensor Boxes) OfAnchors(ProposalScores scores, TrueBox[][] truths, DetectorLossSettings settings, RandomStream random)
    {
        var (positives, negatives, targets) = (new List<long>(), new List<long>(), new List<BoxDelta>());
        var coding = new BoxCoding();
        for (var b = 0; b < truths.Length; b++)
        {
            var matches = settings.AnchorMatcher.Match(scores.Anchors, [.. truths[b].Select(t => t.Box)]);
            var sample = BalancedSample.Draw(matches, settings.Anchors, settings.PositiveAnchors, random);
            var first = (long)b * scores.Anchors.Length;
            positives.AddRange(sample.Positives.Select(i => first + i));
            negatives.AddRange(sample.Negatives.Select(i => first + i));
            targets.AddRange(sample.Positives.Select(i => coding.Encode(truths[b][matches[i]].Box, scores.Anchors[i])));
        }

        long[] all = [.. positives, .. negatives];
        var logits = scores.Objectness.reshape(-1).index_select(0, Indices(all, scores.Objectness));
        var isSomething = cat([ones(positives.Count), zeros(negatives.Count)]).to(logits.dtype).to(logits.device);
        var objectness = nn.functional.binary_cross_entropy_with_logits(logits, isSomething);
        var deltas = scores.Deltas.reshape(-1, 4).index_select(0, Indices([.. positives], scores.Deltas));
        return (objectness, SmoothL1(deltas, targets, all.Length));
    }

    private static (Tensor Classes, Tensor Boxes) OfRegions(
        FasterRcnn net, IReadOnlyList<Tensor> maps, Region[] regions, TrueBox[][] truths, DetectorLossSettings settings, RandomStream random)
    {
        var (chosen, labels, targets) = (new List<Region>(), new List<long>(), new List<BoxDelta>());
        var rows = new List<long>();    // of the positives, in the deltas [R·(classes + 1), 4]
        for (var b = 0; b < truths.Length; b++)
        {
            Region[] here = [.. regions.Where(r => r.Image == b)];
            var matches = settings.RegionMatcher.Match([.. here.Select(r => r.Box)], [.. truths[b].Select(t => t.Box)]);
            var sample = BalancedSample.Draw(matches, settings.Regions, settings.PositiveRegions, random);
            foreach (var i in sample.Positives)
            {
                var truth = truths[b][matches[i]];
                rows.Add((long)chosen.Count * (net.Classes + 1) + truth.Class + 1);
                targets.Add(net.Settings.BoxCoding.Encode(truth.Box, here[i].Box));
                chosen.Add(here[i]);
                labels.Add(truth.Class + 1);
            }

            chosen.AddRange(sample.Negatives.Select(i => here[i]));
            labels.AddRange(sample.Negatives.Select(_ => 0L));
        }

        var (logits, deltas) = net.Classify(maps, chosen);
        var classes = nn.functional.cross_entropy(logits, Indices([.. labels], logits));
        var ofTheirClass = deltas.reshape(-1, 4).index_select(0, Indices([.. rows], deltas));
        return (classes, SmoothL1(ofTheirClass, targets, chosen.Count));
    }

    /// <summary>Σ smooth L1 over the positives' four numbers, divided by the number of all samples.</summary>
    private static Tensor SmoothL1(Tensor deltas, List<BoxDelta> targets, int samples)
    {
        var wanted = BoxDelta.ToTensor(targets).to(deltas.dtype).to(deltas.device);
        return nn.functional.smooth_l1_loss(deltas, wanted, reduction: nn.Reduction.Sum, beta: Bend) / Math.Max(1, samples);
    }

    private static Tensor Indices(long[] indices, Tensor like) => tensor(indices, ScalarType.Int64, device: like.device);
}
