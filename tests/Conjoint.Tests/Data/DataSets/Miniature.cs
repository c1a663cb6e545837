using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Data.DataSets;

/// <summary>A few tiny files in the layout of a data set, and what its adapter makes of them.</summary>
internal sealed class Miniature(string name) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _seed;

    public string Root => _folder["set"];

    public string Store => _folder["store"];

    public string this[string path] => Path.Combine(Root, path);

    public void Dispose() => _folder.Dispose();

    /// <summary>Volumes of 4×5×3 voxels, each with values of its own.</summary>
    public Miniature Niftis(params string[] paths)
    {
        foreach (var path in paths)
            Samples.Nifti(this[path], Samples.Volume(4, 5, 3, ++_seed));
        return this;
    }

    /// <summary>A mask of 4×5×3 voxels that repeats the labels.</summary>
    public Miniature Mask(string path, params int[] labels)
    {
        Samples.Nifti(this[path], new Volume([.. Enumerable.Range(0, 60).Select(i => (float)labels[i % labels.Length])], 4, 5, 3, Affine.FromSpacing(1, 1, 2)), NiftiDataType.Int16);
        return this;
    }

    public Miniature Text(string path, string text)
    {
        File.WriteAllText(Samples.Folder(this[path]), text);
        return this;
    }

    public Miniature Pngs(params string[] paths)
    {
        foreach (var path in paths)
            Samples.Png(this[path], 6, 4, ++_seed);
        return this;
    }

    /// <summary>Files that only their names matter of.</summary>
    public Miniature Empty(params string[] paths)
    {
        foreach (var path in paths)
            File.WriteAllBytes(Samples.Folder(this[path]), []);
        return this;
    }

    /// <summary>What the adapter finds, without reading an image.</summary>
    public SourcePlan Plan(PrepareSettings? settings = null)
    {
        Directory.CreateDirectory(Root);
        var plan = new SourcePlan();
        Conjoint.Data.DataSets.Plan(Conjoint.Data.DataSets.Find(name)!, new SetFolder(new SourceRoot(Root), Root), settings ?? new PrepareSettings { Dataset = name }, plan);
        return plan;
    }

    /// <summary>The adapter's sentence about a folder that it can't take.</summary>
    public string Refusal() => Assert.Throws<InputDataException>(() => Plan()).Message;

    public PrepareSummary Prepare(PrepareSettings? settings = null) =>
        Samples.Prepare(Store, (settings ?? new PrepareSettings()) with { Dataset = name }, Root);

    public bool IsRecognised => Conjoint.Data.DataSets.Recognise(Root)?.Name == name;

    /// <summary>Path of a case below the set's folder.</summary>
    public static string Of(CasePlan plan) => plan.Source["set/".Length..];

    public static string? MaskOf(CasePlan plan) => plan.Mask is FileContent file ? Path.GetFileName(file.Path) : null;
}
