using System.CommandLine;
using Conjoint.Reporting;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint report</c>: one self-contained HTML page about a run.</summary>
internal sealed class ReportVerb : Verb
{
    private readonly Argument<string> _run = new("RUN") { Description = "The folder of a run, finished or not, of a demo, or of a table." };

    public ReportVerb()
        : base("report", "Write a run's report.html again: one page that works offline.") => Add(_run);

    public override int Run(Invocation invocation)
    {
        invocation.Out.WriteLine(AnyReport.Write(invocation.Required(_run)));
        return ExitCode.Done;
    }
}
