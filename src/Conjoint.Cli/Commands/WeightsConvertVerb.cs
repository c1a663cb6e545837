using System.CommandLine;
using Conjoint.Runtime.Settings;
using Conjoint.Training;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint weights convert</c>: weights in another format or under other names.</summary>
internal sealed class WeightsConvertVerb : Verb
{
    private readonly Argument<string> _file = new("FILE") { Description = "A weights file (.safetensors, .pth, .pt) or the folder of a run." };
    private readonly Option<string> _to = Flags.Choice(
        "--to", "The backbone under torchvision's names, everything as safetensors with a card, or the release's names.", [.. SettingsNames.All(typeof(WeightsTarget))]);
    private readonly Option<string> _out = Flags.Text("--out", "FILE", "The file to write; .pth, .pt or .safetensors decides its format.", required: true);
    private readonly Option<bool> _json = Flags.Json();

    public WeightsConvertVerb()
        : base("convert", "Write weights in another format or under other names.")
    {
        _to.Required = true;
        Add(_file);
        Add(_to);
        Add(_out);
        Add(_json);
    }

    public override int Run(Invocation invocation)
    {
        var made = WeightsConversion.Convert(
            invocation.Required(_file), SettingsNames.Parse<WeightsTarget>(invocation.Required(_to))!.Value, invocation.Required(_out));
        if (invocation.Value(_json))
        {
            JsonOutput.Write(invocation.Out, made);
            return ExitCode.Done;
        }

        if (made.Report is { } report)
            invocation.Error.WriteLine($"{invocation.Required(_file)}: {report}");
        invocation.Out.WriteLine($"{made.Path}: {InspectText.Count(made.Numbers)} numbers in {made.Tensors} tensors");
        return ExitCode.Done;
    }
}
