using Conjoint.Data;
using Conjoint.Tasks.Probing;

namespace Conjoint.Benchmarks.Learning;

/// <summary>A question that a linear probe answers from frozen features.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Score">What it is scored by: <c>r2</c> or <c>auc</c>.</param>
/// <param name="Store">The cases' store.</param>
/// <param name="Train">Cases to fit on, of split train.</param>
/// <param name="Test">Cases to be scored on, of splits val and test.</param>
internal sealed record ProbeTask(string Name, string Score, PreparedStore Store, IReadOnlyList<StoreCase> Train, IReadOnlyList<StoreCase> Test)
{
    public const string Position = "slice position", Image = "image class", Volume = "volume class";

    /// <summary>Whether a sample is a whole volume rather than a slice or image.</summary>
    public bool IsVolume => Name == Volume;

    /// <summary>The probes that the data allow: a class needs both of its values on both sides.</summary>
    public static IReadOnlyList<ProbeTask> Of(LearningData data, LearningSettings settings)
    {
        var tasks = new List<ProbeTask> { Sides(Position, "r2", data.Segmentation, c => c.Kind == CaseKind.Volume && c.Slices > 1) };
        if (data.ImageClasses is { } images)
            tasks.Add(Sides(Image, "auc", images, c => c.Label is 0 or 1 && c.Kind == CaseKind.Image));
        if (data.VolumeClasses is { } volumes)
        {
            var all = Sides(Volume, "auc", volumes, c => c.Label is 0 or 1 && c.Kind == CaseKind.Volume);
            tasks.Add(all with { Train = ProbeFeatures.Spread(all.Train, settings.ProbeVolumes) });
        }

        return [.. tasks.Where(t => t.IsPossible)];
    }

    /// <summary>The slices of a case that are looked at, evenly spread from the first to the last.</summary>
    public int[] Slices(StoreCase storeCase, LearningSettings settings) =>
        ProbeFeatures.Slices(storeCase, Name == Position ? settings.ProbeSlices : settings.ProbeVolumeSlices);

    private bool IsPossible => Score == "r2"
        ? Train.Select(c => c.Subject).Distinct().Count() > 1 && Test.Count > 0
        : new[] { Train, Test }.All(side => side.Select(c => c.Label).Distinct().Count() == 2);

    private static ProbeTask Sides(string name, string score, PreparedStore store, Func<StoreCase, bool> isMeant)
    {
        var cases = store.Cases.Where(isMeant).OrderBy(c => c.Id, StringComparer.Ordinal).ToList();
        return new ProbeTask(name, score, store, [.. cases.Where(c => c.Split == Split.Train)], [.. cases.Where(c => c.Split != Split.Train)]);
    }
}
