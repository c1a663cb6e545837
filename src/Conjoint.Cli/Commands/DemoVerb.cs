using System.CommandLine;
using Conjoint.Benchmarks;
using Conjoint.Reporting;
using Conjoint.Runtime.Settings;
using Conjoint.Training.ReportData;
using Conjoint.Training.Settings;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint demo</c>: everything once, on phantoms, in minutes.</summary>
internal sealed class DemoVerb : Verb
{
    private readonly Option<string> _out = Flags.Text("--out", "DIR", "Where everything goes; conjoint-demo when not given.");
    private readonly Option<string> _method = Flags.Choice("--method", "How embeddings are clustered; swav when not given.", [.. SettingsNames.All(typeof(ClusteringMethod))]);
    private readonly Option<long?> _seed = Flags.Whole("--seed", "N", "Seed of phantoms and training; 42 when not given.", least: 0);

    public DemoVerb()
        : base("demo", "Make phantoms, pre-train on them, fine-tune from the result and from scratch, and report.")
    {
        foreach (var option in new Option[] { _out, _method, _seed })
            Add(option);
    }

    public override int Run(Invocation invocation)
    {
        var folder = invocation.Value(_out) ?? "conjoint-demo";
        var settings = new DemoSettings
        {
            Method = invocation.Value(_method) is { } method ? SettingsNames.Parse<ClusteringMethod>(method)!.Value : ClusteringMethod.Swav,
            Seed = invocation.Value(_seed) ?? new DemoSettings().Seed,
        };
        var result = invocation.WithProgress(observer => Demo.Run(folder, settings, CommandText.From(invocation.Words), observer, invocation.Cancellation));
        RunReport.Write(Path.Combine(folder, "pretrain"));
        var report = ComparisonReport.Write(folder);
        invocation.Out.WriteLine($"Dice  pre-trained {result.PretrainedDice}   scratch {result.ScratchDice}");
        invocation.Out.WriteLine($"IoU   pre-trained {result.PretrainedIou}   scratch {result.ScratchIou}");
        invocation.Out.WriteLine($"Report: {report}");
        return ExitCode.Done;
    }
}
