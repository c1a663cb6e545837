namespace Conjoint.Reporting;

/// <summary>Says in words whether an arm beat the baseline; never more than the numbers bear.</summary>
internal static class Verdict
{
    /// <summary>The sentence for one arm.</summary>
    public static (string Text, bool Better) Of(Comparison comparison, string arm)
    {
        var name = StageNames.Arm(arm);
        var differences = comparison.Differences(arm, "dice");
        if (differences.Count == 0)
            return ($"{name} and {StageNames.Arm(Comparison.Baseline).ToLowerInvariant()} have no seed with a test Dice in common, so they cannot be compared.", false);

        var mean = differences.Average();
        var wins = differences.Count(difference => difference > 0);
        var seeds = differences.Count == 1 ? "the only seed" : $"{wins} of {differences.Count} seeds";
        var cases = comparison.ByCase(arm, "dice");
        var better = cases.Count(pair => pair.Arm > pair.Baseline);
        var detail = $"Test Dice {Figures.Score(comparison.OverSeeds(arm, "dice").Mean)} against {Figures.Score(comparison.OverSeeds(Comparison.Baseline, "dice").Mean)}, "
            + $"difference {Figures.Difference(mean)}, ahead with {(differences.Count == 1 ? (wins == 1 ? seeds : "no seed") : seeds)}"
            + (cases.Count > 0 ? $" and on {better} of {cases.Count} test cases." : ".");

        if (comparison.VerdictOf(arm) is { } verdict)
            return ($"{name}: {verdict}. {detail}", verdict.StartsWith("better", StringComparison.Ordinal));
        if (mean <= 0)
            return ($"{name} did not beat training from scratch. {detail}", false);
        if (differences.Count == 1)
            return ($"{name} was ahead of training from scratch. {detail} One seed cannot tell this from luck.", false);
        return wins == differences.Count
            ? ($"{name} beat training from scratch with every seed. {detail}", true)
            : ($"{name} was ahead of training from scratch on average, but not with every seed: too little to call it better. {detail}", false);
    }
}
