using Conjoint.Nets.Detection;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>RoIAlign of one map, and the gradient of the map.</summary>
internal sealed class RoiAlignPooled : IGoldenKind
{
    public string Prefix => "roi_align";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        Assert.StartsWith("image,x1,y1,x2,y2", golden.Text("rois_columns"), StringComparison.Ordinal);
        var regions = golden.Values("rois").Chunk(5).Select(r => new Region((int)r[0], new BoxCorners(r[1], r[2], r[3], r[4]))).ToArray();
        var features = golden["features"].requires_grad_();
        var y = Pooling(golden).Pool(features, regions, golden.Number("spatial_scale"));
        (y * golden["grad_out"]).sum().backward();
        return new Dictionary<string, Tensor> { ["y"] = y, ["grad.features"] = features.grad! };
    }

    public static RoiAlign Pooling(GoldenCase golden)
    {
        var size = golden.Ints("output_size");
        return new RoiAlign { Height = size[0], Width = size[1], SamplingRatio = golden.Int("sampling_ratio"), Aligned = golden.Flag("aligned") };
    }
}
