using Conjoint.Tasks.Metrics;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>HD95, ASSD and Hausdorff distance of pairs of masks on an anisotropic grid, empty ones among them.</summary>
internal sealed class SurfaceDistancePairs : IGoldenKind
{
    public string Prefix => "surface_distance";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var shape = golden["truth"].shape;
        var spacing = golden.Values("spacing");
        var grid = new VoxelGrid((int)shape[1], (int)shape[2], (int)shape[3], spacing[0], spacing[1], spacing[2]);
        var (truths, predictions) = (Masks(golden, "truth", grid), Masks(golden, "prediction", grid));
        SurfaceDistances[] distances = [.. truths.Zip(predictions, (t, p) => SurfaceDistances.Between(p, t, grid))];
        var dice = truths.Zip(predictions, (t, p) => Overlap.Count(Classes(p), Classes(t), 2)[1].Dice);
        return new Dictionary<string, Tensor>
        {
            ["hd95"] = tensor(distances.Select(d => d.Hd95).ToArray()),
            ["assd"] = tensor(distances.Select(d => d.Assd).ToArray()),
            ["hausdorff"] = tensor(distances.Select(d => d.Hausdorff).ToArray()),
            ["dice"] = tensor(dice.ToArray()),
        };
    }

    private static IEnumerable<bool[]> Masks(GoldenCase golden, string name, VoxelGrid grid) =>
        golden[name].reshape(-1).data<bool>().ToArray().Chunk((int)grid.Count);

    private static ushort[] Classes(bool[] mask) => Array.ConvertAll(mask, v => v ? (ushort)1 : (ushort)0);
}
