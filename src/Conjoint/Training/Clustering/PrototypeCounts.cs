using Conjoint.Runtime;
using Conjoint.Training.Settings;

namespace Conjoint.Training.Clustering;

/// <summary>How many prototypes a stage gets for the samples it has.</summary>
internal static class PrototypeCounts
{
    // One prototype alone would be every sample's.
    private const int Fewest = 2;

    /// <summary>The heads' K: as asked for, or fitted to the samples where the settings allow it.</summary>
    /// <param name="stage">The stage's key, for messages.</param>
    /// <param name="settings">What was asked for.</param>
    /// <param name="samples">Samples of the stage.</param>
    /// <param name="use">Where they are used when not in the stage of the key, for messages.</param>
    /// <exception cref="ConfigurationException">There are more prototypes than samples.</exception>
    public static IReadOnlyList<int> For(string stage, PrototypeSettings settings, int samples, string? use = null)
    {
        IReadOnlyList<int> counts = settings.FitToSamples ? [.. settings.Counts.Select(k => Math.Max(Fewest, Math.Min(k, samples / 4)))] : settings.Counts;
        if (counts.All(k => k <= samples))
            return counts;

        var cure = settings.FitToSamples || samples < Fewest ? "Add data" + (stage == StageName.Volumes ? $", or leave this stage out: --stage {StageName.Slices}" : "")
            : $"Set {stage}.prototypes.counts=[{string.Join(", ", counts.Select(_ => Math.Max(Fewest, samples / 4)))}] or {stage}.prototypes.fit_to_samples=true, or add data";
        throw new ConfigurationException(
            $"{stage}.prototypes.counts: {counts.Max()} prototypes for {samples} sample{(samples == 1 ? "" : "s")}{(use is null ? "" : $" in {use}")}; expected at most as many as there are samples. {cure}.");
    }
}
