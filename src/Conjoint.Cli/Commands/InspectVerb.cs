using System.CommandLine;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint inspect</c>: what a file, series, folder, store or weights file holds.</summary>
internal sealed class InspectVerb : Verb
{
    private readonly Argument<string[]> _paths = Flags.Paths("PATH", "Files, folders, stores, weights files.");
    private readonly Option<bool> _json = Flags.Json();

    public InspectVerb()
        : base("inspect", "Tell what a file, series, folder, store or weights file holds.")
    {
        Add(_paths);
        Add(_json);
    }

    public override int Run(Invocation invocation)
    {
        var found = new List<object>();
        foreach (var path in invocation.Required(_paths))
        {
            invocation.Cancellation.ThrowIfCancellationRequested();
            found.AddRange(Inspect(path));
        }

        if (invocation.Value(_json))
        {
            JsonOutput.Write(invocation.Out, found);
            return ExitCode.Done;
        }

        foreach (var thing in found)
            invocation.Out.Write(InspectText.Of(thing));
        return ExitCode.Done;
    }

    private static IEnumerable<object> Inspect(string path)
    {
        if (Directory.Exists(path) && PreparedStore.IsStore(path))
            return [StoreDescription.Read(path)];
        return WeightsFormats.HasName(path) && File.Exists(path)
            ? [WeightsDescription.Read(path)]
            : Inspection.Inspect(path);
    }
}
