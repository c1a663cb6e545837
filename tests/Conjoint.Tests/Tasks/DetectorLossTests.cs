using Conjoint.Data.Augmentation;
using Conjoint.Nets.Detection;
using Conjoint.Tasks.Detection;
using Conjoint.Tasks.Metrics;
using Conjoint.Tests.Nets.Detection;
using FsCheck.Xunit;
using static TorchSharp.torch;

namespace Conjoint.Tests.Tasks;

[Collection(GlobalGenerator.Name)]
public sealed class DetectorLossTests
{
    private const int Size = 64;

    [Fact]
    public void A_few_steps_teach_it_to_find_bright_and_dark_squares()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var detector = FasterRcnnTests.Tiny(classes: 2);
        var (slices, truths) = Squares(seed: 7, images: 4);
        using var optimiser = optim.Adam(detector.parameters(), lr: 3e-3);
        var losses = new List<float>();
        for (var step = 0; step < 120; step++)
        {
            using var inner = NewDisposeScope();
            var loss = DetectorLoss.Of(detector, slices, truths, new DetectorLossSettings(), RandomStream.For(1, step)).Total();
            optimiser.zero_grad();
            loss.backward();
            optimiser.step();
            losses.Add(loss.item<float>());
        }

        detector.eval();
        var found = detector.Detect(slices);
        Assert.True(losses[^10..].Average() < 0.3 * losses[..3].Average(), $"the loss went from {losses[0]} to {losses[^1]}");
        var precisions = AveragePrecision.Curves(truths, found, 2, 0.5).Select(c => c.AllPointAverage).ToArray();
        Assert.All(precisions, ap => Assert.True(ap > 0.9, $"average precision {string.Join(", ", precisions)} after a loss of {losses[^1]}"));
    }

    // A new head answers about nothing: every logit is nearly 0, and −ln ½ = 0.693.
    [Fact]
    public void A_new_detector_is_undecided_about_its_anchors()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        using var detector = FasterRcnnTests.Tiny(classes: 2);
        var (slices, truths) = Squares(seed: 8, images: 2);
        var losses = DetectorLoss.Of(detector, slices, truths, new DetectorLossSettings(), RandomStream.For(2));
        Assert.Equal(Math.Log(2), losses.Objectness.item<float>(), 0.05);
        Assert.Equal(
            losses.Total().item<float>(),
            losses.Objectness.item<float>() + losses.Anchors.item<float>() + losses.Classes.item<float>() + losses.Boxes.item<float>(),
            1e-5);
    }

    [Fact]
    public void Every_part_of_the_net_learns_and_equal_draws_give_equal_losses()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        using var detector = FasterRcnnTests.Tiny(classes: 2);
        var (slices, truths) = Squares(seed: 8, images: 2);
        Tensor Loss() => DetectorLoss.Of(detector, slices, truths, new DetectorLossSettings(), RandomStream.For(2)).Total();
        Assert.Equal(Loss().item<float>(), Loss().item<float>());

        Loss().backward();
        Assert.All(detector.named_parameters(), p => Assert.True(p.parameter.grad is { } gradient && gradient.isfinite().all().item<bool>(), p.name));
        foreach (var part in new[] { "backbone.body.conv1", "backbone.fpn.inner_blocks.3", "rpn.head.bbox_pred", "roi_heads.box_head.fc6", "roi_heads.box_predictor.bbox_pred" })
            Assert.True(detector.get_parameter(part + (part.Contains("blocks") ? ".0.weight" : ".weight"))!.grad!.abs().sum().item<float>() > 0, part);
    }

    [Fact]
    public void An_image_without_boxes_teaches_background()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        using var detector = FasterRcnnTests.Tiny(classes: 2);
        var losses = DetectorLoss.Of(detector, rand(1, 1, Size, Size), [], new DetectorLossSettings(), RandomStream.For(2));
        Assert.Equal(0, losses.Anchors.item<float>());
        Assert.Equal(0, losses.Boxes.item<float>());
        Assert.True(losses.Classes.item<float>() > 0);
    }

    [Fact]
    public void Impossible_boxes_are_refused()
    {
        using var scope = NewDisposeScope();
        using var detector = FasterRcnnTests.Tiny(classes: 1);
        var slices = rand(1, 1, Size, Size);
        foreach (var truth in new TrueBox[] { new(0, 0, new(5, 5, 5, 9)), new(1, 0, new(1, 1, 5, 9)), new(0, 1, new(1, 1, 5, 9)), new(0, 0, new(1, 1, double.NaN, 9)) })
            Assert.Throws<ArgumentException>(() => DetectorLoss.Of(detector, slices, [truth], new DetectorLossSettings(), RandomStream.For(2)));
    }

    [Property]
    public void A_sample_is_balanced_and_drawn_once(int[] drawn, long seed)
    {
        var matches = drawn.Select(d => (int)(Math.Abs((long)d) % 4) - 2).ToArray();
        var sample = BalancedSample.Draw(matches, 8, 0.25, RandomStream.For(seed));
        var (positive, background) = (matches.Count(m => m >= 0), matches.Count(m => m == AnchorMatcher.Background));
        Assert.Equal(Math.Min(2, positive), sample.Positives.Length);
        Assert.Equal(Math.Min(8 - sample.Positives.Length, background), sample.Negatives.Length);
        Assert.All(sample.Positives, i => Assert.True(matches[i] >= 0));
        Assert.All(sample.Negatives, i => Assert.Equal(AnchorMatcher.Background, matches[i]));
        Assert.Distinct(sample.Positives.Concat(sample.Negatives));
    }

    /// <summary>Grey noise with a bright square (class 0) and a dark one (class 1) on every image.</summary>
    private static (Tensor Slices, TrueBox[] Truths) Squares(int seed, int images)
    {
        var random = new Random(seed);
        var slices = Noise.Normal(seed, images, 1, Size, Size).to(ScalarType.Float32).mul(0.1);
        var truths = new List<TrueBox>();
        for (var image = 0; image < images; image++)
        {
            for (var c = 0; c < 2; c++)
            {
                // One in the left half, one in the right, so that they never meet.
                var (side, x, y) = (10 + random.Next(12), random.Next(8), random.Next(Size - 24));
                x += (c + image) % 2 * (Size / 2);
                slices[image, 0].narrow(0, y, side).narrow(1, x, side).add_(c == 0 ? 2 : -2);
                truths.Add(new TrueBox(image, c, new BoxCorners(x, y, x + side, y + side)));
            }
        }

        return (slices, [.. truths]);
    }
}
