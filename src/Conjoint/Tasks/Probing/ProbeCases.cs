using System.Globalization;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Tasks.Classification;
using Conjoint.Tasks.FineTuning;

namespace Conjoint.Tasks.Probing;

/// <summary>Which cases a probe is fitted to, chosen by and scored on, and what it has to tell of each.</summary>
internal sealed record ProbeCases : LabelledCases
{
    private const int MostClasses = 10; // of numbers that are taken for classes without a word

    private readonly IReadOnlyDictionary<string, double> _targets;

    private ProbeCases(IReadOnlyList<StoreCase> train, IReadOnlyList<StoreCase> validation, IReadOnlyList<StoreCase> test, IReadOnlyList<string> classes, IReadOnlyDictionary<string, double> targets)
        : base(train, validation, test) => (Classes, _targets) = (classes, targets);

    /// <summary>Names of the classes; empty where a number is to be told.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The place of the class that is looked for, of two.</summary>
    public int Positive { get; private init; } = 1;

    /// <summary>The number, or the class's place, of a case.</summary>
    public double TargetOf(StoreCase storeCase) => _targets[storeCase.Id];

    /// <summary>Selects the cases; each list is ordered by id.</summary>
    /// <exception cref="InputDataException">Training or test cases are missing, or of one class only; the table can't be used.</exception>
    /// <exception cref="ConfigurationException">More subjects are asked for than there are, the drawn ones don't do, or it is open which data set is meant.</exception>
    public static ProbeCases Select(PreparedStore store, ProbeSettings settings)
    {
        var texts = settings.Table is { } table
            ? ProbeTable.Read(table, settings.Target!, store.Cases)
            : store.Cases.Where(c => c.Label is not null).ToDictionary(c => c.Id, c => ClassificationCases.ClassOf(store, c), StringComparer.Ordinal);
        var (one, many) = settings.Table is null ? ("class", "classes") : ($"value in column '{settings.Target}'", $"values in column '{settings.Target}'");
        var cases = Find(store, settings.Dataset, c => texts.ContainsKey(c.Id), many);
        if (InSplit(cases, Split.Train).Count == 0)
            throw new InputDataException(store.Folder, $"no case of the split '{Split.Train}' has a {one}; expected labelled cases to fit a probe to.");
        if (InSplit(cases, settings.Split).Count == 0)
            throw new InputDataException(store.Folder, $"no case of the split '{settings.Split}' has a {one}; expected labelled cases to score a probe on{(InSplit(cases, Split.Validation).Count > 0 ? $": --split {Split.Validation} scores those of that split" : "")}.");

        var isNumber = IsNumber(settings, [.. cases.Select(c => texts[c.Id])]);
        string[] classes = isNumber ? [] : ClassesOf(store, settings, cases, texts);
        var targets = cases.ToDictionary(c => c.Id, c => isNumber ? Number(texts[c.Id])!.Value : Array.IndexOf(classes, texts[c.Id]), StringComparer.Ordinal);
        var drawn = LabelBudget.Parse(settings.Labels).Draw(InSplit(cases, Split.Train).Select(c => c.Subject), settings.Seed);
        var selected = new ProbeCases(
            [.. InSplit(cases, Split.Train).Where(c => drawn.Contains(c.Subject))], settings.Split == Split.Validation ? [] : InSplit(cases, Split.Validation), InSplit(cases, settings.Split), classes, targets);
        Require(store, cases, settings.Split, selected);
        return selected with { Positive = PositiveOf(settings, classes) };
    }

    /// <summary>Whether the validation cases can choose: there are some, and of every class that was learned.</summary>
    public bool CanChoose => Validation.Count > 0 && (Classes.Count == 0 || Train.Select(TargetOf).Distinct().All(Validation.Select(TargetOf).ToHashSet().Contains));

    private static void Require(PreparedStore store, IReadOnlyList<StoreCase> cases, string scored, ProbeCases selected)
    {
        if (!selected.CanChoose && selected.TrainSubjects < 2)
            throw new ConfigurationException("labels: there is one training subject, and no validation cases to choose by; expected at least two subjects, of which each is told by the others.");
        if (selected.Classes.Count == 0)
        {
            if (selected.Train.Select(selected.TargetOf).Distinct().Count() < 2)
                throw new ConfigurationException("labels: the drawn subjects all have the same number; expected at least two different ones: allow more subjects, or draw with another seed.");
            return;
        }

        foreach (var split in new[] { Split.Train, scored })
        {
            if (InSplit(cases, split).Select(selected.TargetOf).Distinct().ToArray() is [var only])
                throw new InputDataException(store.Folder, $"every labelled case of the split '{split}' is of class '{selected.Classes[(int)only]}'; expected at least two classes in both splits.");
        }

        if (selected.Train.Select(selected.TargetOf).Distinct().ToArray() is [var all])
            throw new ConfigurationException($"labels: the drawn subjects ({selected.Train.Count} cases) are all of class '{selected.Classes[(int)all]}'; expected at least two classes: allow more subjects, or draw with another seed.");
    }

    private static bool IsNumber(ProbeSettings settings, string[] texts)
    {
        if (settings.Kind == ProbeKind.Class)
            return false;
        var strange = texts.FirstOrDefault(t => Number(t) is null);
        if (settings.Kind == ProbeKind.Number && strange is not null)
            throw new ConfigurationException($"kind: received number, but there is the value '{strange}'; expected numbers only, or --kind class.");
        return settings.Kind == ProbeKind.Number || (strange is null && texts.Distinct().Count() > MostClasses);
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>In the store's order, or a table's by number or letter.</summary>
    private static string[] ClassesOf(PreparedStore store, ProbeSettings settings, IReadOnlyList<StoreCase> cases, IReadOnlyDictionary<string, string> texts)
    {
        string[] names = [.. cases.Select(c => texts[c.Id]).Distinct().Order(StringComparer.Ordinal)];
        return settings.Table is null ? [.. names.OrderBy(n => store.ClassNames.TakeWhile(c => c != n).Count())]
            : [.. names.OrderBy(n => Number(n) ?? double.PositiveInfinity)];
    }

    private static int PositiveOf(ProbeSettings settings, string[] classes)
    {
        if (settings.Positive is not { } name)
            return 1;
        if (classes.Length != 2)
            throw new ConfigurationException($"positive: received '{name}', but there are {(classes.Length == 0 ? "numbers" : $"{classes.Length} classes")}; expected it with two classes only.");
        return classes.Contains(name) ? Array.IndexOf(classes, name)
            : throw new ConfigurationException($"positive: received '{name}'; expected one of the classes {string.Join(", ", classes)}.");
    }
}
