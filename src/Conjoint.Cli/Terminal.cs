namespace Conjoint.Cli;

/// <summary>Where a verb's words go.</summary>
/// <param name="Out">Results: a report, or the one JSON document.</param>
/// <param name="Error">Everything else: progress, logs, errors.</param>
/// <param name="IsInteractive">Whether a person watches <paramref name="Error"/> on a terminal that can redraw a line.</param>
/// <param name="Width">Columns that texts are wrapped to.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool IsInteractive, int Width)
{
    private const int WidestText = 110;

    // A pipe that its reader closed needs no care here: .NET's console streams drop what nobody reads.
    public static Terminal OfThisProcess()
    {
        var isInteractive = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        var width = Console.IsOutputRedirected ? WidestText : Math.Clamp(Console.WindowWidth, 40, WidestText);
        return new Terminal(Console.Out, Console.Error, isInteractive, width);
    }
}
