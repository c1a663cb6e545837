using Conjoint.Runtime.Settings;

namespace Conjoint.Training.Settings;

/// <summary>The prototypes C of a stage, and the queue that helps small batches fill them.</summary>
public sealed record PrototypeSettings : IValidated
{
    /// <summary>Prototypes in each head, K; one entry a head.</summary>
    [Bounds(AtLeast = 2)]
    public IReadOnlyList<int> Counts { get; init; } = [3000];

    /// <summary>
    /// Whether K shrinks to a quarter of the samples (at least 2) where there are too few for it; without it, more
    /// prototypes than samples is an error.
    /// </summary>
    public bool FitToSamples { get; init; }

    /// <summary>Steps in which the prototypes are not trained.</summary>
    [Bounds(AtLeast = 0)]
    public int FreezeSteps { get; init; } = 313;

    /// <summary>Whole epochs in which they are not trained; the longer of the two holds.</summary>
    [Bounds(AtLeast = 0)]
    public int FreezeEpochs { get; init; }

    /// <summary>
    /// Whether DeepCluster-v2's centroids are trained between clusterings. paper: no, as in DeepCluster-v2's own code; released: yes, in stage <c>volumes</c>.
    /// </summary>
    public bool TrainCentroids { get; init; }

    /// <summary>
    /// Embeddings of earlier batches, of each assigned crop, that take part in computing codes; over several processes together. 0: no
    /// queue, as the paper. Swapped prediction only.
    /// </summary>
    [Bounds(AtLeast = 0)]
    public int QueueLength { get; init; }

    /// <summary>
    /// The epoch from which the queue is filled. It is used once it is full, so that codes never come from empty rows.
    /// </summary>
    [Bounds(AtLeast = 0)]
    public int QueueStartEpoch { get; init; } = 15;   // SwAV

    /// <summary>The step from which it is filled; the later of the two holds.</summary>
    [Bounds(AtLeast = 0)]
    public int QueueStartStep { get; init; }

    /// <summary>
    /// The ramp: steps in which the part of the full queue that is used grows evenly from its newest rows to all. 0: all at once, as in
    /// SwAV's code.
    /// </summary>
    [Bounds(AtLeast = 0)]
    public int QueueRampSteps { get; init; }

    /// <inheritdoc/>
    public IEnumerable<SettingsProblem> Problems()
    {
        if (Counts.Count == 0)
            yield return new SettingsProblem("counts", "expected at least one head, such as [3000]");
    }
}
