namespace Conjoint.Tasks.Classification;

/// <summary>What is done where some classes have far more training cases than others.</summary>
public enum ClassBalance
{
    /// <summary>Nothing: every case counts the same.</summary>
    None,

    /// <summary>The loss of a case is weighted by the inverse of its class's share, so that every class weighs the same in all.</summary>
    Loss,

    /// <summary>An epoch draws equally many cases of every class; those of rare classes come several times, each time changed anew.</summary>
    Sampling,
}
