using Conjoint.Nets;
using Conjoint.Nets.Detection;
using static TorchSharp.torch;

namespace Conjoint.Tests.Nets.Detection;

[Collection(GlobalGenerator.Name)]
public sealed class FasterRcnnTests
{
    // torchvision's fasterrcnn_resnet50_fpn with 90 classes and the background has 41,755,286 parameters; its batch norms are frozen
    // buffers, which adds their 53,120 weights and biases here.
    [Fact]
    public void It_has_torchvision_s_parameters()
    {
        using var detector = new FasterRcnn(new SliceEncoder(new SliceEncoderSettings()), 90);
        Assert.Equal(41_755_286 + 53_120, detector.parameters().Sum(p => p.numel()));
    }

    [Fact]
    public void It_has_torchvision_s_names()
    {
        using var detector = Tiny(classes: 2);
        string[] expected =
        [
            .. Enumerable.Range(0, 4).SelectMany(i => Both($"backbone.fpn.inner_blocks.{i}.0")),
            .. Enumerable.Range(0, 4).SelectMany(i => Both($"backbone.fpn.layer_blocks.{i}.0")),
            .. Both("rpn.head.conv.0.0"), .. Both("rpn.head.cls_logits"), .. Both("rpn.head.bbox_pred"),
            .. Both("roi_heads.box_head.fc6"), .. Both("roi_heads.box_head.fc7"),
            .. Both("roi_heads.box_predictor.cls_score"), .. Both("roi_heads.box_predictor.bbox_pred"),
        ];
        var names = detector.state_dict().Keys.ToArray();
        Assert.Equal(expected.Order(StringComparer.Ordinal), names.Where(n => !n.StartsWith("backbone.body.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(
            detector.Encoder.state_dict().Keys.Select(k => "backbone.body." + k).Order(StringComparer.Ordinal),
            names.Where(n => n.StartsWith("backbone.body.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

        static string[] Both(string name) => [name + ".weight", name + ".bias"];
    }

    [Fact]
    public void The_pyramid_has_five_maps_of_one_width()
    {
        using var scope = NewDisposeScope();
        var maps = Tiny(classes: 1).Features(rand(2, 1, 64, 96));
        Assert.Equal([[2, 8, 16, 24], [2, 8, 8, 12], [2, 8, 4, 6], [2, 8, 2, 3], [2, 8, 1, 2]], maps.Select(m => m.shape));
    }

    [Fact]
    public void Scores_and_deltas_stand_in_the_order_of_the_anchors()
    {
        // A head whose answer is its bias: the second anchor of every cell is something, and moves by its number.
        using var scope = NewDisposeScope();
        var head = new ProposalHead(4, 3);
        using (no_grad())
        {
            foreach (var parameter in head.parameters())
                parameter.zero_();
            head.get_parameter("cls_logits.bias")!.copy_(tensor(new float[] { 0, 5, 0 }));
            head.get_parameter("bbox_pred.bias")!.copy_(arange(12));
        }

        var (objectness, deltas) = head.forward(rand(2, 4, 2, 3));
        Assert.Equal([2, 18], objectness.shape);
        Assert.All(Enumerable.Range(0, 18), i => Assert.Equal(i % 3 == 1 ? 5 : 0, objectness[1, i].item<float>()));
        Assert.Equal([4f, 5, 6, 7], deltas[0, 4].data<float>().ToArray());
    }

    [Fact]
    public void Proposals_and_detections_lie_inside_their_image()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        using var detector = Tiny(classes: 2, new FasterRcnnSettings { LeastScore = 0 });
        detector.eval();
        var found = detector.Detect(rand(2, 1, 48, 64));
        Assert.Contains(found, f => f.Image == 1);
        Assert.All(found, f => Assert.True(f.Box == f.Box.ClipTo(48, 64) && f.Box.Area > 0 && f.Score is > 0 and < 1));
        Assert.True(found.Count(f => f.Image == 0) <= detector.Settings.MostDetections);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var detector = Tiny(classes: 1);
        detector.eval();
        using var slices = rand(1, 1, 32, 32);
        LeakGuard.AssertNothingIsLeft(() => detector.Detect(slices));
    }

    [Fact]
    public void Anchors_that_do_not_suit_five_levels_are_refused()
    {
        using var encoder = new SliceEncoder(new SliceEncoderSettings { BaseWidth = 2, Blocks = [1, 1, 1, 1] });
        Assert.Throws<ArgumentException>(() => new FasterRcnn(encoder, 1, new FasterRcnnSettings { Anchors = new AnchorGenerator { Sizes = [[8]] } }));
        Assert.Throws<ArgumentException>(() => new FasterRcnn(encoder, 0));
    }

    /// <summary>A detector for small pictures.</summary>
    internal static FasterRcnn Tiny(int classes, FasterRcnnSettings? settings = null) => new(
        new SliceEncoder(new SliceEncoderSettings { BaseWidth = 4, Blocks = [1, 1, 1, 1] }),
        classes,
        (settings ?? new FasterRcnnSettings()) with
        {
            PyramidWidth = 8,
            HeadWidth = 32,
            Anchors = new AnchorGenerator { Sizes = [[8], [16], [32], [64], [128]] },
            TrainingProposals = 100,
            Proposals = 50,
        });
}
