using Conjoint.Nets.Detection;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Box regression targets and their inverse.</summary>
internal sealed class BoxCodes : IGoldenKind
{
    public string Prefix => "box_coding";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var weights = golden.Numbers("weights");
        var coding = new BoxCoding { Weights = new BoxDelta(weights[0], weights[1], weights[2], weights[3]), LogClip = golden.Number("log_clip") };
        var proposals = BoxCorners.FromTensor(golden["proposals"]);
        var encoded = BoxCorners.FromTensor(golden["truth"]).Zip(proposals, (t, p) => coding.Encode(t, p)).ToArray();
        var deltas = golden.Values("deltas").Chunk(4).Select(d => new BoxDelta(d[0], d[1], d[2], d[3]));
        var decoded = deltas.Zip(proposals, (d, p) => coding.Decode(d, p)).ToArray();
        var size = golden.Ints("image_height_width");
        return new Dictionary<string, Tensor>
        {
            ["encoded"] = tensor(encoded.SelectMany(e => new[] { e.X, e.Y, e.Width, e.Height }).ToArray(), [encoded.Length, 4]),
            ["decoded"] = BoxCorners.ToTensor(decoded),
            ["decoded_clipped_to_image"] = BoxCorners.ToTensor([.. decoded.Select(d => d.ClipTo(size[0], size[1]))]),
        };
    }
}
