using Conjoint.Runtime;
using Conjoint.Training;

namespace Conjoint.Benchmarks.Comparing;

/// <summary>One of the starts that are compared.</summary>
/// <param name="Name">Its name in tables and folders: letters, digits, '.', '-' and '_'.</param>
/// <param name="Weights"><c>scratch</c>, a weights file, or the folder of a finished run.</param>
public sealed record ComparisonArm(string Name, string Weights)
{
    /// <summary>The start that the others are measured against.</summary>
    public static ComparisonArm Scratch { get; } = new(WeightsSource.Scratch, WeightsSource.Scratch);

    /// <summary>Reads what users write: <c>NAME=PATH</c>, or a path, whose last part is the name. Scratch is always one, and the last.</summary>
    /// <param name="words">The words, at least one of them other than <c>scratch</c>.</param>
    /// <exception cref="ConfigurationException">There are no weights, a name twice, or one that makes no folder.</exception>
    public static IReadOnlyList<ComparisonArm> Parse(IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        List<ComparisonArm> arms = [.. words.Where(w => w != WeightsSource.Scratch).Select(Parse)];
        if (arms.Count == 0)
            throw new ConfigurationException("--weights: nothing to compare with training from scratch; expected one or more weights files or folders of runs.");
        arms.Add(Scratch);
        if (arms.GroupBy(a => a.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ConfigurationException($"--weights: two starts are named '{twice.Key}'; name them apart, NAME={twice.First().Weights}.");
        return arms;
    }

    private static ComparisonArm Parse(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        // A path may have a '=' in it: what exists is a path.
        var isNamed = equals > 0 && !Path.Exists(word);
        var weights = isNamed ? word[(equals + 1)..] : word;
        var name = isNamed ? word[..equals] : Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(weights));
        if (name.Length == 0 || name[0] == '.' || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')))
            throw new ConfigurationException($"--weights {word}: '{name}' makes no name; write NAME={weights} with letters, digits, '.', '-' and '_'.");
        return new ComparisonArm(name, weights);
    }
}
