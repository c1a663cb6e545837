using Conjoint.Runtime;

namespace Conjoint.Training.Stages;

/// <summary>Whether a stage has enough to make a batch of.</summary>
internal static class StageSamples
{
    /// <summary>Whole batches in an epoch.</summary>
    /// <exception cref="ConfigurationException">There are fewer samples than a batch needs.</exception>
    public static int Batches(string stage, string kind, int samples, int batch)
    {
        if (samples < batch)
        {
            throw new ConfigurationException(
                samples == 0
                    ? $"stage {stage} learns from {kind}, and the stores have none in split 'train'; add some, or choose another --stage."
                    : $"{stage}.batch: {batch} {kind} in a batch, but only {samples} for training; expected at most {samples}. "
                      + $"Set {stage}.batch={samples}, or add data. Pre-training uses the cases of split 'train'.");
        }

        return samples / batch;
    }
}
