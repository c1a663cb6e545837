using System.CommandLine;
using Conjoint.Runtime;
using Conjoint.Training;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint weights show</c>: a weights file's card and nets, or the sizes of a preset's nets.</summary>
internal sealed class WeightsShowVerb : Verb
{
    private readonly Argument<string?> _file = new("FILE") { Description = "A weights file or the folder of a run.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _preset = Flags.Text("--preset", "NAME", "Show the nets of a preset instead of a file's.");
    private readonly Option<bool> _json = Flags.Json();

    public WeightsShowVerb()
        : base("show", "Show a weights file's card and nets, or the sizes of a preset's nets.")
    {
        Add(_file);
        Add(_preset);
        Add(_json);
        Validators.Add(result =>
        {
            if ((result.GetValue(_file) is null) == (result.GetValue(_preset) is null))
                result.AddError("expected either FILE or --preset NAME");
        });
    }

    public override int Run(Invocation invocation)
    {
        if (invocation.Value(_preset) is { } preset)
            Show(invocation, preset);
        else
            ShowFile(invocation, invocation.Required(_file)!);
        return ExitCode.Done;
    }

    private void ShowFile(Invocation invocation, string file)
    {
        var weights = WeightsDescription.Read(Directory.Exists(file) ? new RunFolder(file).Weights : file);
        if (invocation.Value(_json))
            JsonOutput.Write(invocation.Out, weights);
        else
            invocation.Out.Write(InspectText.Of(weights));
    }

    private void Show(Invocation invocation, string preset)
    {
        var settings = Presets.Resolve(preset);
        NativeBoot.Require();
        var nets = NetSizes.Of(settings);
        var kept = nets.Take(2).Sum(n => n.Parameters);
        if (invocation.Value(_json))
        {
            JsonOutput.Write(invocation.Out, new PresetDescription(preset, nets, kept, nets.Sum(n => n.Parameters)));
            return;
        }

        void Row(string net, string stages, long parameters) => invocation.Out.WriteLine($"{net,-24}{stages,-18}{InspectText.Count(parameters),14}");
        invocation.Out.WriteLine($"{"net",-24}{"trained in",-18}{"parameters",14}");
        foreach (var net in nets)
            Row(net.Net, net.Stages, net.Parameters);
        Row("both encoders", "", kept);
        Row("everything", "", nets.Sum(n => n.Parameters));
    }

    private sealed record PresetDescription(string Preset, IReadOnlyList<NetSize> Nets, long EncoderParameters, long Parameters);
}
