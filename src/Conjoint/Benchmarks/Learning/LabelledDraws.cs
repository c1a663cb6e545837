using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;

namespace Conjoint.Benchmarks.Learning;

/// <summary>Who is learned from and who is scored on, in every draw of the protocol.</summary>
/// <remarks>
/// A draw's subjects are nested: those of the smallest count are among those of every larger one. No two draws have the same smallest
/// set. Rates are chosen on training subjects alone: some of them drawn to learn from, others to be scored on.
/// </remarks>
public sealed class LabelledDraws
{
    private const long SelectionSeed = 1_000_000; // far from the draws that are scored on test subjects

    private readonly IReadOnlyList<StoreCase> _train;
    private readonly IReadOnlyList<string> _subjects;
    private readonly LearningSettings _settings;
    private readonly List<long> _seeds = [];

    /// <summary>Draws for a store.</summary>
    /// <exception cref="InputDataException">The store has no labelled training or no labelled held-out case.</exception>
    /// <exception cref="ConfigurationException">There are too few subjects for these settings.</exception>
    public LabelledDraws(PreparedStore store, LearningSettings settings)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        var labelled = store.Cases.Where(c => c.MaskLabels.Count > 0).OrderBy(c => c.Id, StringComparer.Ordinal).ToList();
        _train = [.. labelled.Where(c => c.Split == Split.Train)];
        Test = [.. labelled.Where(c => c.Split != Split.Train)];
        if (_train.Count == 0 || Test.Count == 0)
            throw new InputDataException(store.Folder, "has no labelled case to learn from, or none of split val or test to be scored on.");
        _subjects = [.. _train.Select(c => c.Subject).Distinct()];
        var most = settings.Labels.Where(l => l != LearningSettings.AllLabels).Max(l => int.Parse(l, System.Globalization.CultureInfo.InvariantCulture));
        var selection = int.Parse(settings.Labels[0], System.Globalization.CultureInfo.InvariantCulture) + settings.SelectionSubjects;
        if (Math.Max(most, selection) > _subjects.Count)
            throw new ConfigurationException($"labels, selection_subjects: {Math.Max(most, selection)} labelled training subjects are needed; {store.Folder} has {_subjects.Count}.");
        ChooseSeeds(store);
    }

    /// <summary>Every labelled case of splits val and test: what all draws are scored on.</summary>
    public IReadOnlyList<StoreCase> Test { get; }

    /// <summary>The split of a draw.</summary>
    /// <param name="draw">From 0.</param>
    /// <param name="labels">A count of subjects, or <c>all</c>.</param>
    public LabelledSplit Draw(int draw, string labels)
    {
        var drawn = Drawn(_seeds[draw], labels);
        return new LabelledSplit(_train.Where(c => drawn.Contains(c.Subject)), Test);
    }

    /// <summary>A split within the training subjects, on which rates are compared.</summary>
    /// <param name="selection">From 0.</param>
    public LabelledSplit Selection(int selection)
    {
        var drawn = Drawn(SelectionSeed + selection, _settings.Labels[0]);
        var scored = LabelBudget.Parse(FormattableString.Invariant($"{_settings.SelectionSubjects}")).Draw(_subjects.Except(drawn), SelectionSeed + selection);
        return new LabelledSplit(_train.Where(c => drawn.Contains(c.Subject)), _train.Where(c => scored.Contains(c.Subject)));
    }

    private IReadOnlySet<string> Drawn(long seed, string labels) => LabelBudget.Parse(labels).Draw(_subjects, seed);

    private void ChooseSeeds(PreparedStore store)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (long seed = 0; _seeds.Count < _settings.Draws; seed++)
        {
            if (seed >= 1000L * _settings.Draws)
                throw new ConfigurationException($"draws: {store.Folder} has too few training subjects for {_settings.Draws} different draws of {_settings.Labels[0]}.");
            if (seen.Add(string.Join('\n', Drawn(seed, _settings.Labels[0]).Order(StringComparer.Ordinal))))
                _seeds.Add(seed);
        }
    }
}
