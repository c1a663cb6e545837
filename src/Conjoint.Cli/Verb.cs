using System.CommandLine;

namespace Conjoint.Cli;

/// <summary>A verb of the command line: its arguments and flags, and what it does with them.</summary>
/// <param name="name">The verb.</param>
/// <param name="description">One line for the list of verbs.</param>
internal abstract class Verb(string name, string description) : Command(name, description)
{
    /// <summary>Does it. Errors are thrown; <see cref="CommandHost"/> tells them and chooses the exit code.</summary>
    /// <returns>The exit code.</returns>
    public abstract int Run(Invocation invocation);
}
