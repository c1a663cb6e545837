using System.Security.Cryptography;
using System.Text;
using Conjoint.Data;
using Conjoint.Data.Augmentation;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Training.Clustering;
using Conjoint.Training.Settings;
using Conjoint.Training.Stages;
using DataSummary = Conjoint.Runtime.DataSummary;

namespace Conjoint.Training;

/// <summary>The samples of a run: the training cases of its stores.</summary>
internal sealed class PretrainingData : IDisposable
{
    // Which slices take part when not all do; a stream that no loader uses.
    private const long DrawStream = -1;

    private PretrainingData(IReadOnlyList<PreparedStore> stores, SliceSamples slices, VolumeSamples volumes) =>
        (Stores, Slices, Volumes) = (stores, slices, volumes);

    public IReadOnlyList<PreparedStore> Stores { get; }

    public SliceSamples Slices { get; }

    public VolumeSamples Volumes { get; }

    /// <summary>Training cases in the stores' order.</summary>
    public IEnumerable<StoreCase> Cases => Stores.SelectMany(s => s.Cases).Where(IsTraining);

    /// <exception cref="InputDataException">A folder is no store, or there is nothing to learn from.</exception>
    public static PretrainingData Open(IReadOnlyList<string> folders, PretrainSettings settings)
    {
        var stores = new List<PreparedStore>();
        try
        {
            foreach (var folder in folders)
                stores.Add(PreparedStore.Open(folder));
            var slices = SliceSamples.Collect(stores, IsTraining, settings.Slices.MinStd);
            if (slices.Count == 0)
                throw new InputDataException(folders[0], "holds no case of split 'train' with anything in it; prepare it from images or volumes first.");
            if (settings.Slices.MaxSamples is { } most)
                slices = slices.Draw(most, RandomStream.For(settings.Seed, DrawStream));
            CheckWeights(settings.DataWeights, stores);
            return new PretrainingData(stores, slices, VolumeSamples.Collect(stores, c => IsTraining(c) && c.Kind == CaseKind.Volume));
        }
        catch
        {
            stores.ForEach(s => s.Dispose());
            throw;
        }
    }

    /// <summary>The stages that these samples and settings allow; tells in advance what would stop one of them later.</summary>
    /// <exception cref="ConfigurationException">A stage was asked for that cannot be run, or one lacks samples.</exception>
    public IReadOnlyList<string> Stages(PretrainSettings settings, string? asked, IRunObserver observer)
    {
        List<string> stages = asked is null ? [StageName.Slices] : [asked];
        if (asked is null && settings.Masked.Enabled)
            stages.Add(StageName.Masked);
        if (asked is null && settings.Volumes.Enabled)
            stages.Add(StageName.Volumes);
        if (Volumes.Count == 0 && asked is null)
        {
            observer.Warn("the data holds no volume for training: only stage 'slices' is run, since 'masked' and 'volumes' learn from volumes.");
            stages = [StageName.Slices];
        }

        foreach (var stage in stages)
            Check(settings, stage);
        return stages;
    }

    /// <summary>Which samples these are, in a few letters: a resumed run must have the same.</summary>
    public string Fingerprint()
    {
        var text = new StringBuilder();
        foreach (var storeCase in Cases)
            text.Append(storeCase.Id).Append(' ').Append(storeCase.ImageChecksum).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>How files have to be scaled for these nets: as the stores were, the first one where they differ.</summary>
    public InputNormalisation Input(string stage, int size, PretrainSettings settings) => Scaling.Of(Stores[0]).On(new InputNormalisation
    {
        Size = size,
        Mean = settings.Input.Scale == InputScale.One ? settings.Input.Mean : 0,
        Std = settings.Input.Scale == InputScale.One ? settings.Input.Std : 1,
        Scale = settings.Input.Scale,
        Fit = stage switch
        {
            StageName.Masked => settings.Masked.Fit,
            StageName.Volumes or StageName.Volumes3d => settings.Volumes.Fit,
            _ => SliceFit.Resize,
        },
    });

    /// <summary>A warning where the stores are not scaled alike; null where they are.</summary>
    public string? Mixed => Stores.FirstOrDefault(s => Scaling.Of(s) != Scaling.Of(Stores[0])) is { } other
        ? $"{other.Folder}: was prepared with another normalisation, window, percentiles or grid than {Stores[0].Folder}, whose values go into the weights' card; prepare all stores alike."
        : null;

    /// <summary>Counts by data set and modality, for the weights' card.</summary>
    public IReadOnlyList<DataSummary> Summary() =>
    [
        .. Cases.GroupBy(c => (c.Dataset, c.Modality)).Select(g => new DataSummary
        {
            Dataset = g.Key.Dataset,
            Modality = g.Key.Modality.ToString(),
            Subjects = g.Select(c => c.Subject).Distinct().Count(),
            Volumes = g.Count(c => c.Kind == CaseKind.Volume),
            Images = g.Count(c => c.Kind == CaseKind.Image),
            Slices = g.Sum(c => c.Slices),
        }),
    ];

    public void Dispose()
    {
        foreach (var store in Stores)
            store.Dispose();
    }

    private static void CheckWeights(IReadOnlyDictionary<string, double> weights, IReadOnlyList<PreparedStore> stores)
    {
        var names = stores.SelectMany(s => s.Cases).Where(IsTraining).Select(c => c.Dataset).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToArray();
        string[] faults =
        [
            .. weights.Keys.Where(w => !names.Contains(w, StringComparer.OrdinalIgnoreCase)).Select(w =>
                $"data_weights.{w}: no training case is of this data set; the stores have {string.Join(", ", names)}" + (NearestWord.Of(w, names) is { } near ? $"; did you mean {near}?" : ".")),
        ];
        if (faults.Length == 0 && names.All(n => weights.Any(w => w.Key.Equals(n, StringComparison.OrdinalIgnoreCase) && w.Value == 0)))
            faults = ["data_weights: every data set has the weight 0; at least one has to be learned from."];
        if (faults.Length > 0)
            throw new ConfigurationException(faults);
    }

    private static bool IsTraining(StoreCase storeCase) => storeCase.Split == Split.Train;

    private void Check(PretrainSettings settings, string stage)
    {
        if (stage == StageName.Slices)
        {
            var slices = settings.Slices;
            var rows = StageSamples.Batches(stage, "slices", Slices.Count, slices.Batch) * slices.Batch;
            PrototypeCounts.For(stage, slices.Prototypes, rows);
            return;
        }

        if (stage == StageName.Masked)
        {
            StageSamples.Batches(stage, "volumes", Volumes.Count, settings.Masked.Batch);
            return;
        }

        var volumes = settings.Volumes;
        var seen = StageSamples.Batches(StageName.Volumes, "volumes", Volumes.Count, volumes.Batch) * volumes.Batch;
        PrototypeCounts.For(StageName.Volumes, volumes.Prototypes, seen);
        if (stage == StageName.Volumes && volumes.SliceTerm.Weight > 0)
            PrototypeCounts.For(StageName.Slices, settings.Slices.Prototypes, seen * volumes.SliceTerm.SlicesPerVolume, "the 2D term of stage volumes");
    }
}
