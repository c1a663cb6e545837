using System.CommandLine;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint weights</c>: looks into weights and converts them.</summary>
internal static class WeightsVerb
{
    public static Command Create() => new("weights", "Look into weights files and presets, and convert weights.") { new WeightsShowVerb(), new WeightsConvertVerb() };
}
