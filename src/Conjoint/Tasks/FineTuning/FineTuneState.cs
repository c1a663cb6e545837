using Conjoint.Training.Monitoring;

namespace Conjoint.Tasks.FineTuning;

/// <summary>How far a fine-tuning has come; with the tensors beside it, all that is needed to go on with the same bits.</summary>
/// <remarks>There is no state of random generators: every random number is a function of the seed and its place.</remarks>
/// <typeparam name="TScore">What is kept of a scored case.</typeparam>
internal sealed class FineTuneState<TScore>
    where TScore : class
{
    /// <summary>What a resumed run must share with the interrupted one: settings, cases and weights, as a digest.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>What is going on.</summary>
    public FineTunePhase Phase { get; set; }

    /// <summary>Which of the rates is being tried.</summary>
    public int Trial { get; set; }

    /// <summary>Steps done with this rate.</summary>
    public long Step { get; set; }

    /// <summary>Scores so far of the validation or the test that is going on; null while none is.</summary>
    public List<TScore>? Pending { get; set; }

    /// <summary>The weights to keep; null before the first validation.</summary>
    public BestWeights? Best { get; set; }

    /// <summary>Validations in a row that were no better.</summary>
    public int WithoutImprovement { get; set; }

    /// <summary>The best score within this trial; NaN before its first validation.</summary>
    public double TrialBest { get; set; } = double.NaN;

    /// <summary>Steps in a row that were left out since their loss or gradient wasn't finite.</summary>
    public int NonFinite { get; set; }

    /// <summary>Whether each finished trial diverged.</summary>
    public List<bool> Diverged { get; init; } = [];

    /// <summary>Where the logs stood.</summary>
    public RunLogPosition Log { get; set; } = new(0, 0);
}

/// <summary>The parts of a fine-tuning, in order.</summary>
internal enum FineTunePhase
{
    /// <summary>Training and validation.</summary>
    Train,

    /// <summary>The weights are written; test cases are being scored.</summary>
    Test,

    /// <summary>Everything is written.</summary>
    Done,
}

/// <summary>Weights that are better than all before them.</summary>
/// <param name="Trial">Which rate they were trained with.</param>
/// <param name="Step">After how many of its steps.</param>
/// <param name="LearningRate">The rate.</param>
/// <param name="Figure">What they were chosen by, on validation; NaN where there was none.</param>
/// <param name="TieBreak">What decides between equal figures.</param>
internal sealed record BestWeights(int Trial, long Step, double LearningRate, double Figure, double TieBreak)
{
    /// <summary>Name of their file among the checkpoints.</summary>
    public string FileName => FormattableString.Invariant($"best-{Trial}-{Step}.safetensors");
}
