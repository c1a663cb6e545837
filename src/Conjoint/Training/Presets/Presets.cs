using System.Reflection;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training.Settings;

namespace Conjoint.Training;

/// <summary>Named sets of settings, each a YAML file beside this one, with one more for what a clustering method changes.</summary>
public static class Presets
{
    /// <summary>The names that can be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = ["paper", "released", "small", "tiny"];

    /// <summary>
    /// Settings from a preset, a file and single values, later ones over earlier ones. The method, wherever it is named,
    /// decides which method file of the preset lies beneath them.
    /// </summary>
    /// <param name="preset">One of <see cref="Names"/>; null: what the layers name, else <c>paper</c>.</param>
    /// <param name="layers">A file's and the command line's settings.</param>
    /// <exception cref="ConfigurationException">An unknown preset, or settings that cannot be used.</exception>
    public static PretrainSettings Resolve(string? preset, params IReadOnlyList<SettingsLayer> layers)
    {
        // Bound a first time only to learn which preset and method the layers ask for; faults in them are told here too.
        var asked = SettingsBinder.Bind<PretrainSettings>(layers);
        var name = preset ?? asked.Preset;
        var method = SettingsBinder.Bind<PretrainSettings>([Read(name, null), .. layers]).Method;
        List<SettingsLayer> all = [Read(name, null)];
        if (HasMethodFile(name, method))
            all.Add(Read(name, method));
        all.AddRange(layers);
        all.Add(SettingsLayer.FromValue("preset", "preset", name));
        return SettingsBinder.Bind<PretrainSettings>(all);
    }

    private static bool HasMethodFile(string name, ClusteringMethod method) =>
        typeof(Presets).Assembly.GetManifestResourceInfo(Resource(name, method)) is not null;

    private static SettingsLayer Read(string name, ClusteringMethod? method)
    {
        if (!Names.Contains(name))
        {
            var near = NearestWord.Of(name, Names);
            throw new ConfigurationException($"preset {name}: unknown preset; "
                + (near is null ? $"expected one of {string.Join(", ", Names)}." : $"did you mean {near}?"));
        }

        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource(name, method))!;
        using var reader = new StreamReader(stream);
        return SettingsLayer.FromText($"preset {name}", reader.ReadToEnd());
    }

    private static string Resource(string name, ClusteringMethod? method) =>
        $"Conjoint.Training.Presets.{name}{(method is { } m ? "+" + SettingsNames.Of(m) : "")}.yaml";
}
