using Conjoint.Tasks.Metrics;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Distances between the surfaces of pairs of masks, in mm, and their Dice.</summary>
internal sealed class SurfaceDistance : IGoldenKind
{
    public string Prefix => "surface_distance";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var (truths, predictions, spacing) = (golden["truth"], golden["prediction"], golden.Values("spacing"));
        int[] size = [.. truths.shape.Skip(1).Select(n => (int)n)];
        var grid = new VoxelGrid(size[0], size[1], size[2], spacing[0], spacing[1], spacing[2]);
        var measured = new List<(SurfaceDistances Distances, double Dice)>();
        for (var pair = 0; pair < truths.shape[0]; pair++)
        {
            var prediction = predictions[pair].reshape(-1).data<bool>().ToArray();
            var truth = truths[pair].reshape(-1).data<bool>().ToArray();
            var overlap = Overlap.Count(Classes(prediction), Classes(truth), 2)[1];
            measured.Add((SurfaceDistances.Between(prediction, truth, grid), overlap.Dice));
        }

        Tensor Row(Func<(SurfaceDistances Distances, double Dice), double> value) => tensor([.. measured.Select(value)], ScalarType.Float64);
        return new Dictionary<string, Tensor>
        {
            ["hd95"] = Row(m => m.Distances.Hd95),
            ["assd"] = Row(m => m.Distances.Assd),
            ["hausdorff"] = Row(m => m.Distances.Hausdorff),
            ["dice"] = Row(m => m.Dice),
        };
    }

    private static ushort[] Classes(bool[] mask) => Array.ConvertAll(mask, inside => (ushort)(inside ? 1 : 0));
}
