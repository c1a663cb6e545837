using System.CommandLine;
using Conjoint.Cli.Progress;
using Conjoint.Data;

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
    private readonly Option<string> _maskLabels = Flags.Text("--mask-labels", "MAP", $"What the values of masks become, such as 205=1,420=2,*=0, or one of {string.Join(", ", LabelMap.Named.Keys)}.");
    private readonly Option<long?> _seed = Flags.Whole("--seed", "N", "Seed of the split where the source states none.", least: 0);
    private readonly Option<bool> _json = Flags.Json();

    public PrepareVerb()
        : base("prepare", "Make a store from folders of scans: normalised arrays, labels, a split by subject.")
    {
        Add(_sources);
        foreach (var option in new Option[] { _out, _dataset, _as, _modality, _label, _maskLabels, _seed, _json })
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

    private PrepareSettings Settings(Invocation invocation) => new()
    {
        Dataset = invocation.Value(_dataset),
        As = Flags.ToPrepareAs(invocation.Value(_as)),
        Modality = Flags.ToModality(invocation.Value(_modality)),
        LabelColumn = invocation.Value(_label),
        LabelMap = invocation.Value(_maskLabels),
        Seed = invocation.Value(_seed) ?? 0,
    };
}
