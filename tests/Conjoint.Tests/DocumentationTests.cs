using System.Text.RegularExpressions;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.Classification;
using Conjoint.Tasks.Detection;
using Conjoint.Tasks.Probing;
using Conjoint.Tasks.Segmentation;
using Conjoint.TestSupport;
using Conjoint.Training.Settings;

namespace Conjoint.Tests;

/// <summary>What the pages say can rot; what of it can be checked is checked here.</summary>
public partial class DocumentationTests
{
    [Fact]
    public void Every_link_to_a_file_or_heading_of_the_repository_leads_somewhere()
    {
        var faults = new List<string>();
        foreach (var page in Documentation.Pages)
        {
            foreach (var link in Links().Matches(Documentation.Read(page)).Select(m => m.Groups[1].Value).Where(l => !l.Contains("://", StringComparison.Ordinal)))
            {
                var (file, heading) = link.Split('#') is [var f, var h] ? (f, h) : (link, null);
                var target = file.Length == 0 ? page : Path.GetRelativePath(Repository.Folder, Path.Combine(Repository.Folder, Path.GetDirectoryName(page)!, file));
                if (!Path.Exists(Path.Combine(Repository.Folder, target)))
                    faults.Add($"{page}: {link}: no such file");
                else if (heading is not null && !Headings(target).Contains(heading))
                    faults.Add($"{page}: {link}: no such heading");
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public void Every_page_can_be_reached_from_the_readme()
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>(["README.md"]);
        while (open.TryDequeue(out var page))
        {
            if (!reached.Add(page))
                continue;
            foreach (var link in Links().Matches(Documentation.Read(page)).Select(m => m.Groups[1].Value.Split('#')[0]).Where(l => l.EndsWith(".md", StringComparison.Ordinal) && !l.Contains("://", StringComparison.Ordinal)))
                open.Enqueue(Path.GetRelativePath(Repository.Folder, Path.Combine(Repository.Folder, Path.GetDirectoryName(page)!, link)));
        }

        Assert.Empty(Documentation.Pages.Except(reached));
    }

    [Fact]
    public void The_settings_of_pre_training_stand_on_their_page_with_their_defaults() =>
        AssertSettings("docs/pretraining.md", new PretrainSettings(), key => key.StartsWith("volumes.", StringComparison.Ordinal) && !IsOfVolumesAlone(key));

    [Fact]
    public void The_settings_of_stage_volumes_are_those_of_the_other_two_as_the_page_says()
    {
        var real = Leaves(SettingsWriter.Write(new PretrainSettings())).ToDictionary(l => l.Key, l => l.Value);
        string Twin(string key) => (key.StartsWith("prototypes.", StringComparison.Ordinal) ? "slices." : "masked.") + key;
        // But for those that stand there themselves.
        var own = real.Keys.Where(k => k.StartsWith("volumes.", StringComparison.Ordinal) && !IsOfVolumesAlone(k)).Select(k => k["volumes.".Length..]).ToList();
        Assert.Equal(own.Select(k => $"{k} = {real[$"volumes.{k}"]}"), own.Select(k => $"{k} = {real[Twin(k)]}"));
        Assert.Equal(["mask_ratio", "target"], real.Keys.Where(k => k.StartsWith("masked.", StringComparison.Ordinal)).Select(k => k["masked.".Length..]).Except(own).Order());
    }

    private static bool IsOfVolumesAlone(string key) => key == "volumes.centre" || key.StartsWith("volumes.slice_term.", StringComparison.Ordinal);

    [Fact]
    public void The_settings_of_fine_tuning_stand_on_their_page_with_their_defaults() =>
        AssertSettings("docs/fine-tuning.md", new SegmentationSettings(), key => key.StartsWith("volume_encoder.", StringComparison.Ordinal));

    [Fact]
    public void The_settings_of_classification_stand_on_their_page_with_their_defaults()
    {
        var shared = Leaves(SettingsWriter.Write(new SegmentationSettings())).Select(l => l.Key).ToHashSet();
        AssertSettings("docs/classification.md", new ClassificationSettings(), key => shared.Contains(key) || key.StartsWith("volume_encoder.", StringComparison.Ordinal));
        Assert.Contains("`batch` counts volumes and is 8", Documentation.Read("docs/classification.md"), StringComparison.Ordinal);
        Assert.Equal(8, new ClassificationSettings().Batch);
        AssertSettings("docs/detection.md", new DetectionSettings(), shared.Contains);
        Assert.Contains("`batch` counts images and is 4", Documentation.Read("docs/detection.md"), StringComparison.Ordinal);
        Assert.Equal((4, 0, 0.5), (new DetectionSettings().Batch, new DetectionSettings().Augmentation.RotationDegrees, new DetectionSettings().Augmentation.FlipProbability));
    }

    [Fact]
    public void The_settings_of_probes_stand_on_their_page_with_their_defaults() =>
        AssertSettings("docs/probing.md", new ProbeSettings(), key => key.Split('.')[0] is "encoder" or "volume_encoder" or "input");

    [Fact]
    public void What_the_maps_of_the_code_name_is_there()
    {
        var files = new[] { "src", "tests" }.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Repository.Folder, f), "*.cs", SearchOption.AllDirectories))
            .Select(f => Path.GetFileNameWithoutExtension(f)!).ToHashSet(StringComparer.Ordinal);
        var missing =
            from page in new[] { "ARCHITECTURE.md", "docs/paper-map.md" }
            from code in Documentation.Inline(page)
            where TypeName().IsMatch(code) && !code.StartsWith("Conjoint", StringComparison.Ordinal) && code != "Golden" && !files.Contains(code.Split('.')[0])
            select $"{page}: {code}";
        Assert.Empty(missing);
    }

    [Fact]
    public void The_golden_cases_that_the_paper_map_names_are_there()
    {
        var cases = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Golden", "Cases")).Select(f => Path.GetFileNameWithoutExtension(f)!).ToList();
        var named = Documentation.Inline("docs/paper-map.md").Where(c => CaseName().IsMatch(c)).ToHashSet();
        Assert.NotEmpty(named);
        Assert.Empty(named.Where(name => !cases.Exists(c => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(name, c))).Order());
    }

    private static void AssertSettings<T>(string page, T defaults, Func<string, bool> isSaidInOneLine)
        where T : class
    {
        var told = Rows().Matches(Documentation.Read(page)).ToDictionary(m => m.Groups["key"].Value, m => m.Groups["default"].Value.Trim());
        var real = Leaves(SettingsWriter.Write(defaults)).ToDictionary(l => l.Key, l => l.Value);
        Assert.Empty(real.Keys.Where(key => !told.ContainsKey(key) && !isSaidInOneLine(key)).Order());
        foreach (var (key, value) in real)
        {
            // A list of records and the list of all seven transforms are told in words.
            if (told.TryGetValue(key, out var text) && text.StartsWith('`'))
                Assert.Equal($"{key} = {value}", $"{key} = {text.Trim('`')}");
        }

        Assert.Empty(told.Keys.Where(key => !key.Contains('…', StringComparison.Ordinal) && !real.ContainsKey(key) && !IsName(key, real.Keys)).Order());
    }

    // Other tables of the pages have keys in their first column too: flags, stages, metrics.
    private static bool IsName(string key, IEnumerable<string> settings) => !key.Contains('.', StringComparison.Ordinal) || !settings.Any(s => s.StartsWith(key.Split('.')[0] + ".", StringComparison.Ordinal));

    /// <summary>The scalars and short lists of block YAML by their dotted keys.</summary>
    private static IEnumerable<(string Key, string Value)> Leaves(string yaml)
    {
        var path = new List<string>();
        foreach (var line in yaml.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var match = YamlLine().Match(line);
            var depth = match.Groups["indent"].Length / 2;
            if (!match.Success || depth > path.Count)
                continue;
            path.RemoveRange(depth, path.Count - depth);
            path.Add(match.Groups["key"].Value);
            var value = match.Groups["value"].Value.Trim();
            // A key without a value heads a record; only crops is a list of them.
            if (value.Length == 0 && path[^1] != "crops")
                continue;
            yield return (string.Join('.', path), value);
            path.RemoveAt(path.Count - 1);
        }
    }

    private static HashSet<string> Headings(string page) =>
        [.. HeadingLine().Matches(Documentation.Read(page)).Select(m => NotInAnchors().Replace(m.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex HeadingLine();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex("^[A-Z][A-Za-z0-9]+(\\.[A-Z][A-Za-z]+)?$")]
    private static partial Regex TypeName();

    [GeneratedRegex("^[a-z0-9]+_[a-z0-9_*]+$")]
    private static partial Regex CaseName();

    [GeneratedRegex(@"^\| `(?<key>[a-z0-9_.…]+)` \|(?<default>[^|]*)\|[^|\n]*\|$", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("^(?<indent> *)(?<key>[a-z0-9_]+):(?<value>.*)$")]
    private static partial Regex YamlLine();
}
