using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Conjoint.Runtime;

namespace Conjoint.Cli;

/// <summary>Flags as several verbs have them. A value that is none is refused with what was received and what would be right.</summary>
internal static class Flags
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document on standard output." };

    /// <summary>A text, a path, a name.</summary>
    public static Option<string> Text(string name, string value, string description, bool required = false) =>
        new(name) { Description = description, HelpName = value, Required = required };

    /// <summary>One of some words.</summary>
    public static Option<string> Choice(string name, string description, params string[] words)
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', words) };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } word && !words.Contains(word, StringComparer.Ordinal))
            {
                result.AddError($"{name}: received '{word}'; expected one of {string.Join(", ", words)}"
                    + (NearestWord.Of(word, words) is { } near ? $"; did you mean {near}?" : ""));
            }
        });
        return option;
    }

    /// <summary>A whole number of at least <paramref name="least"/>.</summary>
    public static Option<long?> Whole(string name, string value, string description, long least)
    {
        return new Option<long?>(name)
        {
            Description = description,
            HelpName = value,
            CustomParser = result =>
            {
                if (long.TryParse(Token(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least)
                    return number;
                result.AddError($"{name}: received '{Token(result)}'; expected a whole number at least {least}");
                return null;
            },
        };
    }

    /// <summary>The device to compute on; its word is checked when it is resolved.</summary>
    public static Option<string> Device() => new("--device")
    {
        Description = "Where to compute: a CUDA device if there is one, the processor, or a CUDA device by number.",
        HelpName = "auto|cpu|cuda[:N]",
        DefaultValueFactory = _ => "auto",
    };

    /// <summary>One path or more, as arguments.</summary>
    public static Argument<string[]> Paths(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.OneOrMore };

    private static string Token(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
}
