using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The views of a trajectory's step, by the formula in its metadata.</summary>
internal static class TrajectoryViews
{
    /// <summary>The valid slices of all views laid end to end, view after view, volume after volume: [V·ΣN, C, H, W].</summary>
    public static Tensor Slices(GoldenCase golden, int step, int views, long[] lengths)
    {
        var volumes = new List<Tensor>();
        for (var view = 0; view < views; view++)
        {
            // Volume b is the first N_b slices of the drawn ones.
            var images = Recipe.Evaluate(golden.Text("views"), "view v of step t", new Dictionary<string, long> { ["v"] = view, ["t"] = step });
            volumes.AddRange(lengths.Select((n, b) => images[b].narrow(0, 0, n)));
        }

        return golden.Cast(cat(volumes, 0));
    }
}
