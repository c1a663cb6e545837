using System.CommandLine;
using Conjoint.Runtime.Diagnosis;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint doctor</c>: what this machine offers, and what to do about what is missing.</summary>
internal sealed class DoctorVerb : Verb
{
    private readonly Option<bool> _json = Flags.Json();

    public DoctorVerb()
        : base("doctor", "Tell what this machine offers, and what to do about what is missing.") => Add(_json);

    public override int Run(Invocation invocation)
    {
        var report = Doctor.Examine();
        if (invocation.Value(_json))
            JsonOutput.Write(invocation.Out, report);
        else
            invocation.Out.Write(DoctorText.Write(report));
        return report.CanCompute ? ExitCode.Done : ExitCode.Other;
    }
}
