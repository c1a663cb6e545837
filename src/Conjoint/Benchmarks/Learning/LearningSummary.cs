namespace Conjoint.Benchmarks.Learning;

/// <summary>Everything that the learning protocol has come to so far: the content of <c>learning.json</c>.</summary>
public sealed record LearningSummary
{
    /// <summary>Finished cells.</summary>
    public required int Finished { get; init; }

    /// <summary>All cells.</summary>
    public required int Cells { get; init; }

    /// <summary>Whether all cells are finished.</summary>
    public bool IsComplete => Finished == Cells;

    /// <summary>The settings.</summary>
    public required LearningSettings Settings { get; init; }

    /// <summary>Subjects that every fine-tuning is scored on.</summary>
    public required int TestSubjects { get; init; }

    /// <summary>The arms at each number of labels.</summary>
    public required IReadOnlyList<ArmScore> Scores { get; init; }

    /// <summary>Paired differences.</summary>
    public required IReadOnlyList<ArmDifference> Differences { get; init; }

    /// <summary>The tried learning rates.</summary>
    public required IReadOnlyList<RateScore> Rates { get; init; }

    /// <summary>The probes.</summary>
    public required IReadOnlyList<ProbeScore> Probes { get; init; }

    /// <summary>The stages of the pre-trainings.</summary>
    public required IReadOnlyList<StageSummary> Stages { get; init; }
}

/// <summary>An arm at a number of labels: test Dice over its runs.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Labels">Labelled subjects.</param>
/// <param name="Rate">Its learning rate; NaN while it isn't chosen.</param>
/// <param name="EncoderRate">The encoder's share of it; NaN likewise.</param>
/// <param name="Mean">Mean over runs (seeds and draws) of the mean over subjects; NaN without a run.</param>
/// <param name="Std">Sample standard deviation over runs (n − 1); NaN with fewer than two.</param>
/// <param name="Runs">Finished runs.</param>
/// <param name="Planned">All runs.</param>
/// <param name="Diverged">Runs whose loss stopped being finite; they count as Dice 0.</param>
public sealed record ArmScore(string Arm, string Labels, double Rate, double EncoderRate, double Mean, double Std, int Runs, int Planned, int Diverged);

/// <summary>A paired difference of two arms in test Dice.</summary>
/// <param name="First">The arm that is hoped to be better.</param>
/// <param name="Second">The arm that it is compared with.</param>
/// <param name="Labels">Labelled subjects.</param>
/// <param name="Mean">Mean difference, first − second.</param>
/// <param name="Low">Lower end of the 95 % interval, levels within one another.</param>
/// <param name="High">Its upper end.</param>
/// <param name="CrossedLow">Lower end of the 95 % interval, levels across one another.</param>
/// <param name="CrossedHigh">Its upper end.</param>
/// <param name="Pairs">Finished pairs of runs.</param>
/// <param name="Planned">All pairs.</param>
/// <param name="Seeds">Seeds among the finished pairs.</param>
/// <param name="Draws">Draws among the finished pairs.</param>
/// <param name="Subjects">Test subjects of each pair.</param>
public sealed record ArmDifference(
    string First, string Second, string Labels, double Mean, double Low, double High, double CrossedLow, double CrossedHigh, int Pairs, int Planned, int Seeds, int Draws, int Subjects)
{
    /// <summary>What the intervals say, in a few words.</summary>
    public string Verdict => Pairs == 0 ? "no pair yet"
        : Low > 0 ? CrossedLow > 0 ? "above 0" : "above 0 only with levels within one another"
        : High < 0 ? CrossedHigh < 0 ? "below 0" : "below 0 only with levels within one another"
        : "not told from 0";
}

/// <summary>A learning rate that was tried for an arm, on training subjects.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Rate">The rate.</param>
/// <param name="EncoderRate">The encoder's share of it.</param>
/// <param name="Dice">Mean Dice; NaN without a run.</param>
/// <param name="Runs">Finished runs.</param>
/// <param name="IsChosen">Whether it is the arm's rate; false for all while runs are missing.</param>
public sealed record RateScore(string Arm, double Rate, double EncoderRate, double Dice, int Runs, bool IsChosen);

/// <summary>A probe with features of one source.</summary>
/// <param name="Probe">The probe.</param>
/// <param name="Features">Where its features come from.</param>
/// <param name="Score"><c>r2</c> or <c>auc</c>.</param>
/// <param name="Mean">Mean over seeds; NaN without a run.</param>
/// <param name="Std">Sample standard deviation over seeds (n − 1); NaN with fewer than two.</param>
/// <param name="Runs">Finished runs.</param>
/// <param name="Planned">All runs.</param>
/// <param name="Train">Samples that it was fitted on; 0 without a run.</param>
/// <param name="Test">Samples that it was scored on; 0 without a run.</param>
public sealed record ProbeScore(string Probe, string Features, string Score, double Mean, double Std, int Runs, int Planned, int Train, int Test);

/// <summary>A stage of a finished pre-training; NaN where the stage has no such number.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Steps">Steps.</param>
/// <param name="FirstLoss">Mean loss of the first tenth of the steps.</param>
/// <param name="LastLoss">Mean loss of the last tenth.</param>
/// <param name="EmbeddingStd">Last spread of embeddings.</param>
/// <param name="EffectiveRank">Last effective rank.</param>
/// <param name="PrototypeUsage">Last entropy of the prototypes' use.</param>
/// <param name="Alarms">Alarms in all.</param>
public sealed record StageSummary(
    string Arm, int Seed, string Stage, int Steps, double FirstLoss, double LastLoss, double EmbeddingStd, double EffectiveRank, double PrototypeUsage, int Alarms);
