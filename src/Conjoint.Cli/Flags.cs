using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;

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

    /// <summary>A text that something else reads; what is wrong with it is told as a fault of the flag.</summary>
    public static Option<T?> Parsed<T>(string name, string value, string description, Func<string, T> parse)
        where T : class
    {
        return new Option<T?>(name)
        {
            Description = description,
            HelpName = value,
            CustomParser = result =>
            {
                try
                {
                    return parse(Token(result));
                }
                catch (ConfigurationException fault)
                {
                    result.AddError($"{name}: {fault.Message}");
                    return null;
                }
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

    /// <summary>The number format of training.</summary>
    public static Option<string> Precision() => Choice("--precision", "Number format of convolutions and products.", [.. SettingsNames.All(typeof(Precision))]);

    /// <summary>One path or more, as arguments.</summary>
    public static Argument<string[]> Paths(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.OneOrMore };

    /// <summary>One path or more behind a flag.</summary>
    public static Option<string[]> PathList(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value, Required = true, AllowMultipleArgumentsPerToken = true, Arity = ArgumentArity.OneOrMore };

    /// <summary>What plain images are.</summary>
    public static Option<string> As() => Choice("--as", "What plain images become; auto makes volumes of numbered frames.", "auto", "volume", "images");

    /// <summary>How the input was made.</summary>
    public static Option<string> Modality() => Choice("--modality", "Modality of every case; without it, the tables' or recognised.", "CT", "MR", "XRay", "Other");

    /// <summary>A file of settings.</summary>
    public static Option<string> Config() => Text("--config", "FILE", "Settings in YAML; they go over the preset's.");

    /// <summary>Single settings.</summary>
    public static Option<string[]> Set() => new("--set")
    {
        Description = "A single setting, such as seed=3; may be repeated, and goes over everything else.",
        HelpName = "key=value",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>The value of <see cref="As"/>.</summary>
    public static PrepareAs ToPrepareAs(string? word) => word switch { "volume" => PrepareAs.Volume, "images" => PrepareAs.Images, _ => PrepareAs.Auto };

    /// <summary>The value of <see cref="Modality"/>.</summary>
    public static Modality? ToModality(string? word) => word is null ? null : Enum.Parse<Modality>(word);

    private static string Token(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
}
