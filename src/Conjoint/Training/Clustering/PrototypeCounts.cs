using Conjoint.Runtime;
using Conjoint.Training.Settings;

namespace Conjoint.Training.Clustering;

/// <summary>How many prototypes a stage gets for the samples it has.</summary>
internal static class PrototypeCounts
{
    /// <summary>The heads' K: as asked for, or fitted to the samples where the settings allow it.</summary>
    /// <param name="stage">The stage's key, for messages.</param>
    /// <param name="settings">What was asked for.</param>
    /// <param name="samples">Samples of the stage.</param>
    /// <exception cref="ConfigurationException">There are more prototypes than samples.</exception>
    public static IReadOnlyList<int> For(string stage, PrototypeSettings settings, int samples)
    {
        if (settings.FitToSamples)
            return [.. settings.Counts.Select(k => Math.Max(2, Math.Min(k, samples / 4)))];
        if (settings.Counts.Any(k => k > samples))
        {
            throw new ConfigurationException(
                $"{stage}.prototypes.counts: {settings.Counts.Max()} prototypes for {samples} samples; expected at most as many as there are samples. "
                + $"Set {stage}.prototypes.counts=[{Math.Max(2, samples / 4)}] or {stage}.prototypes.fit_to_samples=true, or add data.");
        }

        return settings.Counts;
    }
}
