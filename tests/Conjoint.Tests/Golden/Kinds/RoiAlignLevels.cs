using Conjoint.Nets.Detection;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>RoIAlign from the level of a feature pyramid that a box's size asks for.</summary>
internal sealed class RoiAlignLevels : IGoldenKind
{
    public string Prefix => "roi_align_levels";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var levels = golden.Ints("levels");
        Assert.Equal(Enumerable.Range(levels[0], levels.Length), levels);
        var pyramid = new PyramidRoiAlign { Pooling = RoiAlignPooled.Pooling(golden), FinestLevel = levels[0] };
        var boxes = BoxCorners.FromTensor(golden["boxes"]);
        var regions = golden.Integers("image").Zip(boxes, (image, box) => new Region((int)image, box)).ToArray();
        return new Dictionary<string, Tensor>
        {
            ["level"] = tensor(boxes.Select(b => (long)pyramid.LevelOf(b, levels.Length)).ToArray()),
            ["y"] = pyramid.Pool([.. levels.Select(l => golden[$"p{l}"])], regions),
        };
    }
}
