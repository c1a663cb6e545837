using System.Text.Json.Serialization;
using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Data;

/// <summary>How sources become a store. What changes the arrays or the manifest is written into the manifest.</summary>
public sealed record PrepareSettings
{
    /// <summary>
    /// One of <see cref="DataSets.Names"/>, which is read as its owners ship it; or a plain name for every case; null takes a table's column <c>dataset</c>, else the name of the folder that holds the table or the files.
    /// </summary>
    public string? Dataset { get; init; }

    /// <summary>What plain images become.</summary>
    public PrepareAs As { get; init; } = PrepareAs.Auto;

    /// <summary>Modality of every case; null takes a table's column <c>modality</c>, else CT is recognised by its values.</summary>
    public Modality? Modality { get; init; }

    /// <summary>Which rule brings intensities to [0, 1].</summary>
    public IntensityRule Normalisation { get; init; } = IntensityRule.Default;

    /// <summary>Hounsfield units that become 0.</summary>
    public double CtWindowLow { get; init; } = -1000;

    /// <summary>Hounsfield units that become 1.</summary>
    public double CtWindowHigh { get; init; } = 1000;

    /// <summary>Percentile of the values that becomes 0, where they are no Hounsfield units.</summary>
    public double LowPercentile { get; init; } = 0.5;

    /// <summary>Percentile of the values that becomes 1, where they are no Hounsfield units.</summary>
    public double HighPercentile { get; init; } = 99.5;

    /// <summary>Voxel size that volumes are resampled to; null leaves their own.</summary>
    public TargetSpacing? Spacing { get; init; }

    /// <summary>What volumes are cut to; null cuts nothing.</summary>
    public CropTarget? Crop { get; init; }

    /// <summary>Voxels that volumes have at least: zeros are put around them; null adds nothing.</summary>
    public GridSize? Pad { get; init; }

    /// <summary>Column of a table with the class of the whole case; null takes <c>label</c>, else the first further column that holds 0 and 1 and nothing else.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>
    /// Columns of a table with masks whose structures may overlap, as <see cref="Data.MaskColumns"/> reads them; null takes <c>mask</c> alone.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MaskColumns { get; init; }

    /// <summary>Which label each value of the masks becomes, as <see cref="Data.LabelMap"/> reads it; null leaves them.</summary>
    public string? LabelMap { get; init; }

    /// <summary>Seed of the split, where the source states none.</summary>
    public long Seed { get; init; }

    /// <summary>Share of subjects for validation, where the source states no split.</summary>
    public double ValidationShare { get; init; } = 0.15;

    /// <summary>Share of subjects for the test, where the source states no split.</summary>
    public double TestShare { get; init; } = 0.15;

    /// <summary>Whether splits that the source states are passed over and all are drawn: for a source without a test split that is to be scored on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DrawsAllSplits { get; init; }

    /// <summary>Cases prepared at the same time; the result does not depend on it.</summary>
    [JsonIgnore]
    public int Workers { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 16);

    /// <summary>Memory in bytes that the cases in work may take together; a single larger one is taken alone.</summary>
    [JsonIgnore]
    public long MemoryBytes { get; init; } = Math.Max(256L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 3);

    /// <summary>Whether volumes are stored on another grid than their own.</summary>
    [JsonIgnore]
    internal bool ChangesGrid => Spacing is not null || Crop is not null || Pad is not null;

    /// <summary>What is wrong with these settings, a sentence each; empty when they can be used.</summary>
    public IEnumerable<string> Faults()
    {
        if (!(CtWindowLow < CtWindowHigh && double.IsFinite(CtWindowHigh - CtWindowLow)))
            yield return FormattableString.Invariant($"{nameof(CtWindowLow)} {CtWindowLow} and {nameof(CtWindowHigh)} {CtWindowHigh} must be Hounsfield units in order.");
        if (!(LowPercentile >= 0 && LowPercentile < HighPercentile && HighPercentile <= 100))
            yield return FormattableString.Invariant($"{nameof(LowPercentile)} {LowPercentile} and {nameof(HighPercentile)} {HighPercentile} must lie between 0 and 100, in order.");
        if (!(ValidationShare >= 0 && TestShare >= 0 && ValidationShare + TestShare < 1))
            yield return FormattableString.Invariant($"{nameof(ValidationShare)} {ValidationShare} and {nameof(TestShare)} {TestShare} must be at least 0 and leave something for training.");
        if (Dataset is not null && string.IsNullOrWhiteSpace(Dataset))
            yield return $"{nameof(Dataset)} is empty; give the data set a name.";
        if (LabelMap is not null && Fault(() => Data.LabelMap.Parse(LabelMap)) is { } fault)
            yield return fault;
        if (MaskColumns is not null && Fault(() => Data.MaskColumns.Parse(MaskColumns)) is { } columns)
            yield return columns;
        if (Workers < 1)
            yield return $"{nameof(Workers)} is {Workers}; there must be at least one.";
    }

    private static string? Fault(Action parse)
    {
        try
        {
            parse();
            return null;
        }
        catch (Runtime.ConfigurationException error)
        {
            return error.Message;
        }
    }
}
