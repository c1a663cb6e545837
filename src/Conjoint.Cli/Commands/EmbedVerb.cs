using System.CommandLine;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.Embeddings;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint embed</c>: vectors for slices or volumes.</summary>
internal sealed class EmbedVerb : Verb
{
    private readonly Option<string> _weights = Flags.Text("--weights", "FILE", "A weights file or the folder of a run.", required: true);
    private readonly Option<string[]> _input = Flags.PathList("--input", "PATH", "Files, stacks of slices, or folders of either.");
    private readonly Option<string> _out = Flags.Text("--out", "FILE.npy", "The array, a row a slice or volume; the rows' names go beside it as .json.", required: true);
    private readonly Option<string> _level = Flags.Choice(
        "--level", "What a row stands for; without it, volumes where the weights can.", [.. SettingsNames.All(typeof(EmbeddingLevel))]);
    private readonly Option<string> _as = Flags.As();
    private readonly Option<string> _modality = Flags.Modality();
    private readonly Option<string> _device = Flags.Device();
    private readonly Option<bool> _json = Flags.Json();

    public EmbedVerb()
        : base("embed", "Turn slices or volumes into vectors, written as a NumPy array.")
    {
        foreach (var option in new Option[] { _weights, _input, _out, _level, _as, _modality, _device, _json })
            Add(option);
        _out.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } file && !file.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
                result.AddError($"--out: received '{file}'; expected a name that ends with .npy");
        });
    }

    public override int Run(Invocation invocation)
    {
        var settings = new EmbedSettings
        {
            Level = invocation.Value(_level) is { } level ? SettingsNames.Parse<EmbeddingLevel>(level) : null,
            As = Flags.ToPrepareAs(invocation.Value(_as)),
            Modality = Flags.ToModality(invocation.Value(_modality)),
            Device = invocation.Value(_device)!,
        };
        var table = invocation.WithProgress(observer => ScanEmbedding.Run(
            invocation.Required(_weights), invocation.Required(_input), invocation.Required(_out), settings, observer, invocation.Cancellation));
        if (invocation.Value(_json))
            JsonOutput.Write(invocation.Out, table);
        else
            invocation.Out.WriteLine($"{invocation.Required(_out)}: {table.Rows.Count} × {table.Width}, a row a {SettingsNames.Of(table.Level)}");
        return ExitCode.Done;
    }
}
