using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Tasks.Classification;
using Conjoint.Tasks.Detection;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Segmentation;

namespace Conjoint.Benchmarks.Comparing;

/// <summary>Whether every run of a comparison has cases to learn from and to be scored on, asked before the first hour of training.</summary>
internal static class ComparisonCases
{
    /// <summary>Draws the cases of every run and looks at them.</summary>
    /// <param name="store">The labelled cases.</param>
    /// <param name="settings">Of segmentation, classification or detection.</param>
    /// <param name="runs">Fine-tunings of each start.</param>
    /// <exception cref="InputDataException">The store has nothing to learn from, or nothing to be scored on.</exception>
    /// <exception cref="ConfigurationException">A run's draw can't be learned from.</exception>
    public static void Check(PreparedStore store, FineTuneSettings settings, int runs)
    {
        for (var run = 0; run < runs; run++)
        {
            var cases = Select(store, settings with { Seed = settings.Seed + run });
            if (cases.Test.Count == 0)
                throw new InputDataException(store.Folder, "no labelled case of the test split, on which starts could be compared; expected some, such as by a column 'split' in the index.csv that the store is prepared from.");
            if (cases is ClassificationCases && cases.Test.Select(c => c.Label).Distinct().Count() < 2)
                throw new InputDataException(store.Folder, "the labelled test cases are all of one class, so that there is no AUC; expected at least two classes among them.");
            if (cases is DetectionCases && cases.Test.All(c => c.Boxes.Count == 0))
                throw new InputDataException(store.Folder, "the labelled test images have no box among them, so that there is no average precision; expected some.");
        }
    }

    private static LabelledCases Select(PreparedStore store, FineTuneSettings settings) => settings switch
    {
        SegmentationSettings s => SegmentationCases.Select(store, LabelBudget.Parse(s.Labels), s.Seed, s.Dataset),
        ClassificationSettings c => ClassificationCases.Select(store, c),
        _ => DetectionCases.Select(store, LabelBudget.Parse(settings.Labels), settings.Seed, settings.Dataset),
    };
}
