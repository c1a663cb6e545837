using System.Globalization;

namespace Conjoint.Training.Monitoring;

/// <summary>
/// The rules by which a run's metrics are judged: one place for the progress display, the log and the report.
/// Alarms warn; whether a run stops is the trainer's to say.
/// </summary>
public static class Alarms
{
    /// <summary>Below this, embeddings of different samples are nearly the same point. Spread evenly over the sphere they have 1.</summary>
    public const double EmbeddingStd = 0.1;

    /// <summary>Below this, less than K^0.5 prototypes do the work of K. Even use gives 1.</summary>
    public const double PrototypeUsage = 0.5;

    /// <summary>Below this, embeddings lie on a line.</summary>
    public const double EffectiveRank = 1.5;

    /// <summary>Above this share of an epoch's time, the trainer waits for data.</summary>
    public const double DataWait = 0.02;

    /// <summary>Judges one line of the metrics; values that the line lacks are not judged.</summary>
    public static IReadOnlyList<Alarm> Check(MetricsLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var alarms = new List<Alarm>();
        if (line.NonFinite.Count > 0)
        {
            Raise(line.NonFinite[0], $"{string.Join(", ", line.NonFinite)} is not a finite number.",
                "Lower the learning rate, use precision fp32, and look for NaN voxels with 'conjoint inspect'.");
        }

        if (line.Number("embedding_std") is < EmbeddingStd and var std)
        {
            Raise("embedding_std", $"Embeddings hardly differ from each other (spread {Format(std)}, alarm below {Format(EmbeddingStd)}).",
                "Lower the learning rate, lengthen the warm-up, or enlarge the batch.");
        }

        if (line.Number("prototype_usage_entropy") is < PrototypeUsage and var usage)
        {
            Raise("prototype_usage_entropy", $"Few prototypes are in use (entropy {Format(usage)} of 1, alarm below {Format(PrototypeUsage)}).",
                "Use fewer prototypes, more Sinkhorn rounds or a larger epsilon, or freeze the prototypes for longer at the start.");
        }

        if (line.Number("effective_rank") is < EffectiveRank and var rank)
        {
            Raise("effective_rank", $"Embeddings have collapsed to a line (effective rank {Format(rank)}, alarm below {Format(EffectiveRank)}).",
                "Lower the learning rate, enlarge the batch, and check that the two views of a sample differ.");
        }

        // Single steps wait now and then; only an epoch's share says that the loader cannot keep up.
        if (!line.Has("step") && line.Number("data_wait_fraction") is > DataWait and var wait)
        {
            Raise("data_wait_fraction", $"Training waits for data {Percent(wait)} of the time (alarm above {Percent(DataWait)}).",
                "Use more loader workers, or move the prepared store to a faster disk.");
        }

        return alarms;

        void Raise(string metric, string finding, string cure) =>
            alarms.Add(new Alarm(line.Stage, line.Integer("epoch"), metric, finding, cure));
    }

    private static string Format(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Percent(double value) => value.ToString("0.#%", CultureInfo.InvariantCulture).Replace("%", " %", StringComparison.Ordinal);
}
