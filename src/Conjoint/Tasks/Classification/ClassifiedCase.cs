namespace Conjoint.Tasks.Classification;

/// <summary>One case with its true class and what the classifier says.</summary>
/// <param name="Case">The case's id.</param>
/// <param name="Truth">The true class, by its place among the classes.</param>
/// <param name="Probabilities">A probability a class; they sum to 1.</param>
public sealed record ClassifiedCase(string Case, int Truth, IReadOnlyList<double> Probabilities)
{
    /// <summary>The class with the largest probability; ties go to the earlier class.</summary>
    public int Predicted => Likeliest(Probabilities);

    /// <summary>The place of the largest number; ties go to the earlier one.</summary>
    internal static int Likeliest(IReadOnlyList<double> probabilities)
    {
        var best = 0;
        for (var k = 1; k < probabilities.Count; k++)
            best = probabilities[k] > probabilities[best] ? k : best;
        return best;
    }
}
