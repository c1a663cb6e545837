namespace Conjoint.Benchmarks.Statistics;

/// <summary>
/// Differences between two methods on the same test subjects, for each pair of runs that share seed and draw.
/// </summary>
/// <remarks>Seeds, draws and subjects are crossed: a draw is the same set of labels for every seed, and every run is scored on the same subjects.</remarks>
public sealed class PairedDifferences
{
    private readonly Dictionary<(int Seed, int Draw), double[]> _pairs = [];

    /// <summary>Seeds with at least one pair, ascending.</summary>
    public IReadOnlyList<int> Seeds => [.. _pairs.Keys.Select(p => p.Seed).Distinct().Order()];

    /// <summary>Draws with at least one pair, ascending.</summary>
    public IReadOnlyList<int> Draws => [.. _pairs.Keys.Select(p => p.Draw).Distinct().Order()];

    /// <summary>Pairs of runs.</summary>
    public int Count => _pairs.Count;

    /// <summary>Subjects of a pair; 0 while there is no pair.</summary>
    public int Subjects => _pairs.Values.Select(p => p.Length).FirstOrDefault();

    /// <summary>Mean over all pairs and subjects; NaN while there is no pair.</summary>
    public double Mean => _pairs.Count == 0 ? double.NaN : _pairs.Values.Average(p => p.Average());

    /// <summary>Adds a pair of runs.</summary>
    /// <param name="seed">The seed that both share.</param>
    /// <param name="draw">The draw that both share.</param>
    /// <param name="differences">[subjects], always in the same order of subjects.</param>
    /// <exception cref="ArgumentException">Another number of subjects than before, none, a number that isn't finite, or the pair is there already.</exception>
    public void Add(int seed, int draw, IReadOnlyList<double> differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        if (differences.Count == 0 || (_pairs.Count > 0 && differences.Count != Subjects))
            throw new ArgumentException($"{differences.Count} differences; expected one for each of the {Subjects} subjects.", nameof(differences));
        if (differences.Any(d => !double.IsFinite(d)))
            throw new ArgumentException("A difference is no finite number.", nameof(differences));
        if (!_pairs.TryAdd((seed, draw), [.. differences]))
            throw new ArgumentException($"Seed {seed} and draw {draw} are there already.", nameof(seed));
    }

    /// <summary>The differences of a pair, [subjects]; null where there is none.</summary>
    internal double[]? Find(int seed, int draw) => _pairs.GetValueOrDefault((seed, draw));

    /// <summary>The draws that a seed has, ascending.</summary>
    internal int[] DrawsOf(int seed) => [.. _pairs.Keys.Where(p => p.Seed == seed).Select(p => p.Draw).Order()];
}
