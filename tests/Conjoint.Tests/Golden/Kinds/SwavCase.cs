using Conjoint.Objectives;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The settings of swapped prediction as a case states them; what it doesn't state is SwAV's.</summary>
internal static class SwavCase
{
    private static readonly SwavSettings s_swav = new();

    public static SwavSettings Settings(GoldenCase golden) => new()
    {
        Temperature = golden.HasKey("temperature") ? golden.Number("temperature") : s_swav.Temperature,
        Codes = Codes(golden.HasKey("codes") ? golden.Text("codes") : "per_crop"),
        Sinkhorn = new SinkhornSettings
        {
            Epsilon = golden.HasKey("epsilon") ? golden.Number("epsilon") : s_swav.Sinkhorn.Epsilon,
            Iterations = golden.HasKey("sinkhorn_iterations") ? golden.Int("sinkhorn_iterations") : s_swav.Sinkhorn.Iterations,
        },
        AssignedCrops = golden.HasKey("crops_for_assign") ? golden.Ints("crops_for_assign") : s_swav.AssignedCrops,
    };

    private static CodeAssignment Codes(string name) => name switch
    {
        "per_crop" => CodeAssignment.PerCrop,
        "joint" => CodeAssignment.Joint,
        _ => throw new InvalidDataException($"codes '{name}'"),
    };
}
