using System.Globalization;
using System.Text.Json;
using Conjoint.Nets.Detection;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Anchors of all levels of a pyramid, and which true boxes they belong to.</summary>
internal sealed class Anchors : IGoldenKind
{
    private const string Match = "match_";
    private const string LowQuality = "_low_quality";

    public string Prefix => "anchors";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var generator = new AnchorGenerator
        {
            Sizes = JsonSerializer.Deserialize<double[][]>(golden.Text("sizes"))!,
            AspectRatios = golden.Numbers("aspect_ratios"),
        };
        var image = golden.Ints("image_height_width");
        var grids = JsonSerializer.Deserialize<int[][]>(golden.Text("grids_height_width"))!;
        BoxCorners[] anchors = [.. grids.SelectMany((grid, level) => generator.OfLevel(level, (image[0], image[1]), (grid[0], grid[1])))];
        var truths = BoxCorners.FromTensor(golden["truth"]);

        var outputs = new Dictionary<string, Tensor>
        {
            ["anchors"] = BoxCorners.ToTensor(anchors),
            ["iou_max_per_truth"] = tensor(AnchorMatcher.BestOfEachTruth(anchors, truths)),
        };
        for (var level = 0; level < grids.Length; level++)
            outputs[$"cell_anchors_{level}"] = BoxCorners.ToTensor(generator.OfCell(level));
        foreach (var name in golden.Outputs.Where(o => o.StartsWith(Match, StringComparison.Ordinal)))
            outputs[name] = tensor(Matcher(name[Match.Length..]).Match(anchors, truths).Select(m => (long)m).ToArray());
        return outputs;
    }

    /// <summary>The thresholds are part of the name: <c>0.7_0.3_low_quality</c>, or <c>0.5</c> for both.</summary>
    private static AnchorMatcher Matcher(string name)
    {
        var allows = name.EndsWith(LowQuality, StringComparison.Ordinal);
        var thresholds = (allows ? name[..^LowQuality.Length] : name).Split('_').Select(t => double.Parse(t, CultureInfo.InvariantCulture)).ToArray();
        return new AnchorMatcher { High = thresholds[0], Low = thresholds[^1], AllowsLowQuality = allows };
    }
}
