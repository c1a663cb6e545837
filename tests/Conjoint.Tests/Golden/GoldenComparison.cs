using static TorchSharp.torch;

namespace Conjoint.Tests.Golden;

/// <summary>Holds computed outputs against a case's expected ones.</summary>
internal static class GoldenComparison
{
    private const double Float64Relative = 1e-6;

    // Below this an output is zero in exact arithmetic, and relative precision says nothing.
    private const double Vanishing = 1e-6;
    private const double VanishingAbsolute = 1e-9;

    /// <summary>One line for each output that differs, is missing, or has no tolerance; none when all is well.</summary>
    public static IEnumerable<string> Faults(GoldenCase golden, IReadOnlyDictionary<string, Tensor> computed)
    {
        foreach (var output in golden.Outputs)
        {
            var fault = computed.TryGetValue(output, out var tensor) ? Fault(golden, output, tensor) : "was not computed";
            if (fault is not null)
                yield return $"{golden.Name} ({golden.Type}) {output}: {fault}";
        }
    }

    private static string? Fault(GoldenCase golden, string output, Tensor computed)
    {
        using var scope = NewDisposeScope();
        var expected = golden.Expected(output);
        if (!computed.shape.AsSpan().SequenceEqual(expected.shape))
            return $"shape [{string.Join(", ", computed.shape)}], expected [{string.Join(", ", expected.shape)}]";
        if (!expected.is_floating_point())
        {
            var unequal = computed.to(expected.dtype).ne(expected).sum().item<long>();
            return unequal == 0 ? null : $"{unequal} of {expected.numel()} values are not equal";
        }

        var right = expected.to(ScalarType.Float64);
        var found = computed.detach().to(ScalarType.Float64);
        var nanApart = right.isnan().ne(found.isnan()).sum().item<long>();
        if (nanApart > 0)
            return $"NaN at {nanApart} places where the other has none";
        if (Limit(golden, output, right) is not { } limit)
            return "the case states no tolerance";
        var difference = (found - right).nan_to_num(0).abs();
        var worst = difference.numel() == 0 ? 0 : difference.max().item<double>();
        return worst <= limit ? null : $"differs by {worst:g3}, allowed {limit:g3}";
    }

    private static double? Limit(GoldenCase golden, string output, Tensor expected)
    {
        var tolerance = golden.ToleranceOf(output);
        if (golden.Type == ScalarType.Float32)
            return tolerance?.Absolute;
        var largest = tolerance?.MaximumAbsolute ?? (expected.numel() == 0 ? 0 : expected.nan_to_num(0).abs().max().item<double>());
        return largest < Vanishing ? VanishingAbsolute : Float64Relative * largest;
    }
}
