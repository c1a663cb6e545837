using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Data;

/// <summary>The data sets and layouts that <c>--dataset</c> knows by name.</summary>
public static class DataSets
{
    /// <summary>All of them; adding one is adding its line here.</summary>
    internal static IReadOnlyList<IDataSet> All { get; } =
    [
        new Luna16DataSet(),
        new LitsDataSet(),
        new BratsDataSet(),
        new MsdDataSet("MSD-Heart"),
        new MotsDataSet(),
        new LidcDataSet(),
        new RibFracDataSet(),
        new TciaCovidDataSet(),
        new NihChestXrayDataSet(),
        new MmwhsDataSet("MMWHS-CT"),
        new MmwhsDataSet("MMWHS-MRI"),
        new VinDrDataSet(),
        new JsrtDataSet(),
        new MsdDataSet("MSD"),
        new BidsDataSet(),
        new CocoDataSet(),
        MixtureDataSet.Universal,
        MixtureDataSet.Unified,
    ];

    /// <summary>Their names, as they stand in a store.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(s => s.Name)];

    /// <summary>What there is to know about a data set; null where the name is of none.</summary>
    public static DataSetFacts? Facts(string name) => Find(name)?.Facts;

    /// <summary>The set of a name, upper and lower case alike; null for a plain name.</summary>
    internal static IDataSet? Find(string? name) => All.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The set that a folder looks like; null where it looks like none.</summary>
    internal static IDataSet? Recognise(string folder)
    {
        var seen = new SetFolder(new SourceRoot(folder), folder);
        return All.FirstOrDefault(s => s.Recognises(seen));
    }

    /// <summary>A warning about a plain name that is nearly a known one; null where it is not.</summary>
    internal static string? Doubt(string? name) => name is not null && Find(name) is null && NearestWord.Of(name, Names) is { } near
        ? $"--dataset {name} is taken as a plain name; did you mean {near}? Known data sets: {string.Join(", ", Names)}."
        : null;

    /// <summary>Adds a set's cases to a plan, and the splits of <see cref="SplitList"/> where the folder holds one.</summary>
    /// <exception cref="InputDataException">The folder is missing, or not laid out as the set is.</exception>
    internal static void Plan(IDataSet set, SetFolder folder, PrepareSettings settings, SourcePlan plan)
    {
        if (!Directory.Exists(folder.Path))
            throw new InputDataException(folder.Path, $"is no folder; expected the folder of {set.Name} as its owners ship it");
        var own = new SourcePlan();
        set.Plan(folder, settings, own);
        SplitList.Apply(folder, own);
        if (own.Cases.Count == 0 && own.Skipped.Count == 0)
            throw folder.Lacks(set, "scan that belongs to it");
        plan.Cases.AddRange(own.Cases);
        plan.Skipped.AddRange(own.Skipped);
        plan.Warnings.AddRange(own.Warnings);
        plan.Sets.AddRange(own.Sets.Count > 0 ? own.Sets : [set]);
    }
}
