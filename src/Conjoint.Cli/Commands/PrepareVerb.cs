using System.CommandLine;
using Conjoint.Cli.Progress;
using Conjoint.Data;
using Conjoint.Runtime;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint prepare</c>: from files as they come to a store that training reads.</summary>
internal sealed class PrepareVerb : Verb
{
    private readonly Argument<string[]> _sources = Flags.Paths("SOURCE", "Folders of images and volumes, with or without index.csv.");
    private readonly Option<string> _out = Flags.Text("--out", "STORE", "The store's folder; made when missing, completed when there.", required: true);
    private readonly Option<string> _dataset = Flags.Text("--dataset", "NAME", $"A data set that is read as its owners ship it ({string.Join(", ", DataSets.Names)}); any other name is a plain one. Without it, the tables' name or the folder's.");
    private readonly Option<string> _as = Flags.As();
    private readonly Option<string> _modality = Flags.Modality();
    private readonly Option<string> _label = Flags.Text("--label-column", "NAME", "Column of a table with the class of a case.");
    private readonly Option<string> _maskColumns = Flags.Text("--mask-columns", "COLUMNS", "Columns of a table with masks that may overlap, such as mask,clavicle_mask=4, whose labels begin at 4.");
    private readonly Option<string> _maskLabels = Flags.Text("--mask-labels", "MAP", $"What the values of masks become, such as 205=1,420=2,*=0, or one of {string.Join(", ", LabelMap.Named.Keys)}.");
    private readonly Option<HounsfieldWindow?> _window = Flags.Parsed("--window", $"{string.Join('|', HounsfieldWindow.Named.Keys)}|LOW..HIGH",
        "Hounsfield units of CT that are spread over 0 to 1; -1000..1000 without it.", HounsfieldWindow.Parse);
    private readonly Option<string> _normalisation = Flags.Choice("--normalisation",
        "How intensities become 0 to 1: CT by its window and the rest by percentiles, all by percentiles, by the window that a DICOM file states, or as the authors' released code.",
        "default", "percentile", "file-window", "released");
    private readonly Option<TargetSpacing?> _spacing = Flags.Parsed("--spacing", "X,Y,Z|iso",
        "Resample volumes to this voxel size in mm along the patient's axes, or to cubes of their shortest side.", TargetSpacing.Parse);
    private readonly Option<CropTarget?> _crop = Flags.Parsed("--crop", "X,Y,Z|foreground",
        "Cut volumes to at most so many voxels about the centre, or to the box of what is brighter than the background.", CropTarget.Parse);
    private readonly Option<GridSize?> _pad = Flags.Parsed("--pad", "X,Y,Z", "Fill volumes with zeros to at least so many voxels.", GridSize.Parse);
    private readonly Option<long?> _seed = Flags.Whole("--seed", "N", "Seed of the split where the source states none.", least: 0);
    private readonly Option<bool> _json = Flags.Json();

    public PrepareVerb()
        : base("prepare", "Make a store from folders of scans: normalised arrays, labels, a split by subject.")
    {
        Add(_sources);
        foreach (var option in new Option[] { _out, _dataset, _as, _modality, _label, _maskColumns, _maskLabels, _window, _normalisation, _spacing, _crop, _pad, _seed, _json })
            Add(option);
    }

    public override int Run(Invocation invocation)
    {
        var preparer = new Preparer(Settings(invocation));
        var summary = invocation.WithProgress(observer => preparer.Run(
            invocation.Required(_sources), invocation.Required(_out), new PrepareReporter(observer), invocation.Cancellation));
        if (invocation.Value(_json))
            JsonOutput.Write(invocation.Out, summary);
        else
            invocation.Out.Write(PrepareText.Of(summary));
        return ExitCode.Done;
    }

    private PrepareSettings Settings(Invocation invocation)
    {
        var settings = Plain(invocation);
        return invocation.Value(_window) is { } window ? settings with { CtWindowLow = window.Low, CtWindowHigh = window.High } : settings;
    }

    private PrepareSettings Plain(Invocation invocation) => new()
    {
        Dataset = invocation.Value(_dataset),
        As = Flags.ToPrepareAs(invocation.Value(_as)),
        Modality = Flags.ToModality(invocation.Value(_modality)),
        LabelColumn = invocation.Value(_label),
        MaskColumns = invocation.Value(_maskColumns),
        LabelMap = invocation.Value(_maskLabels),
        Normalisation = invocation.Value(_normalisation) switch { "percentile" => IntensityRule.Percentile, "file-window" => IntensityRule.FileWindow, "released" => IntensityRule.Released, _ => IntensityRule.Default },
        Spacing = invocation.Value(_spacing),
        Crop = invocation.Value(_crop),
        Pad = invocation.Value(_pad),
        Seed = invocation.Value(_seed) ?? 0,
    };
}
