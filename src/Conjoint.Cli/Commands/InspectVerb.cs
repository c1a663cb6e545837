using System.CommandLine;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint inspect</c>: what a file, a folder, a store or a weights file holds.</summary>
internal sealed class InspectVerb : Verb
{
    private readonly Argument<string[]> _paths = Flags.Paths("PATH", "Files and folders.");
    private readonly Option<bool> _json = Flags.Json();

    public InspectVerb()
        : base("inspect", "Tell what a file, folder, store or weights file holds.")
    {
        Add(_paths);
        Add(_json);
    }

    public override int Run(Invocation invocation) => ExitCode.Done;
}
