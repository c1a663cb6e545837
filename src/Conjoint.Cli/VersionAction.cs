using System.CommandLine;
using System.CommandLine.Invocation;
using Conjoint.Runtime;

namespace Conjoint.Cli;

/// <summary>Prints the version and nothing else.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(ConjointVersion.Current);
        return ExitCode.Done;
    }
}
