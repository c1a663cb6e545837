using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Runtime.Settings;

public class SettingsBinderTests
{
    private static SampleSettings Bind(string yaml, params string[] assignments) =>
        SettingsBinder.Bind<SampleSettings>([SettingsLayer.FromText("run.yaml", yaml), .. assignments.Select(SettingsLayer.FromAssignment)]);

    private static string[] Faults(string yaml, params string[] assignments) =>
        [.. Assert.Throws<ConfigurationException>(() => Bind(yaml, assignments)).Faults];

    [Fact]
    public void Nothing_given_is_the_record_s_defaults()
    {
        var settings = Bind("");
        Assert.Equal("run", settings.Name);
        Assert.Equal(0.1, settings.Loss.Epsilon);
        Assert.Equal([64], settings.Prototypes);
        Assert.Equal([224, 96], settings.Crops.Select(c => c.Size));
    }

    [Fact]
    public void Every_kind_of_value_is_bound()
    {
        var settings = Bind("""
            # a comment
            seed: 9000000000
            name: "007"
            weights: runs/a b/weights.safetensors
            method: deepcluster-v2
            loss: { epsilon: 1e-3 }
            extra: { iterations: -5 }
            prototypes: [3000, 3000]
            crops:
              - size: 64
                min_scale: 0.5
            queue: 12
            freeze_stem: true
            """);

        Assert.Equal(9_000_000_000, settings.Seed);
        Assert.Equal("007", settings.Name);
        Assert.Equal("runs/a b/weights.safetensors", settings.Weights);
        Assert.Equal(SampleMethod.DeepClusterV2, settings.Method);
        Assert.Equal(new SampleLoss { Epsilon = 1e-3, Iterations = 3 }, settings.Loss);
        Assert.Equal(new SampleLoss { Epsilon = 0.05, Iterations = -5 }, settings.Extra);
        Assert.Equal([3000, 3000], settings.Prototypes);
        Assert.Equal([new SampleCrop { Size = 64, MinScale = 0.5 }], settings.Crops);
        Assert.Equal(12, settings.Queue);
        Assert.True(settings.FreezeStem);
    }

    [Fact]
    public void Unquoted_null_is_null_and_quoted_is_text()
    {
        Assert.Null(Bind("weights: null").Weights);
        Assert.Null(Bind("weights: ~").Weights);
        Assert.Null(Bind("weights:").Weights);
        Assert.Equal("null", Bind("weights: 'null'").Weights);
        Assert.Equal("", Bind("weights: ''").Weights);
    }

    [Fact]
    public void Later_layers_go_over_earlier_ones_key_by_key()
    {
        var bound = SettingsBinder.Bind<SampleSettings>(
            SettingsLayer.FromText("preset small", "loss: { epsilon: 0.5, iterations: 7 }\nprototypes: [1, 2, 3]\nseed: 1"),
            SettingsLayer.FromText("run.yaml", "loss: { epsilon: 0.25 }\nprototypes: [9]"),
            SettingsLayer.FromAssignment("seed=5"),
            SettingsLayer.FromAssignment("loss.iterations=1"));

        Assert.Equal(new SampleLoss { Epsilon = 0.25, Iterations = 1 }, bound.Loss);
        Assert.Equal([9], bound.Prototypes);
        Assert.Equal(5, bound.Seed);
    }

    [Fact]
    public void An_assignment_takes_lists_nulls_and_values_with_equals_signs()
    {
        Assert.Equal([4, 5], Bind("", "prototypes=[4, 5]").Prototypes);
        Assert.Null(Bind("queue: 3", "queue=").Queue);
        Assert.Null(Bind("queue: 3", "queue=null").Queue);
        Assert.Equal("a=b", Bind("", "weights=a=b").Weights);
        Assert.Equal(0.5, Bind("", "loss={epsilon: 0.5}").Loss.Epsilon);
    }

    [Fact]
    public void Every_fault_is_told_with_its_line_key_value_and_remedy()
    {
        var faults = Faults(
            """
            sed: 3
            method: deepcluster
            loss:
              epsilon: 0
              iterations: 2.5
            freeze_stem: yes
            prototypes: [64, 0]
            crops:
              - min_scale: 0.2
            queue: {}
            extra: 3
            zzzzz: 1
            """,
            "loss.epsilom=0.5");

        Assert.Equal(
        [
            "run.yaml:1: sed: unknown key; did you mean seed?",
            "run.yaml:12: zzzzz: unknown key; expected one of seed, name, weights, method, loss, extra, prototypes, crops, queue, freeze_stem",
            "run.yaml:2: method: received 'deepcluster'; expected one of swav, deepcluster-v2, per-crop; did you mean deepcluster-v2?",
            "--set loss.epsilom=0.5: loss.epsilom: unknown key; did you mean epsilon?",
            "run.yaml:4: loss.epsilon: received '0'; expected a number above 0, at most 1",
            "run.yaml:5: loss.iterations: received '2.5'; expected a whole number",
            "run.yaml:11: extra: received '3'; expected keys among rounds, epsilon, iterations, or null",
            "run.yaml:7: prototypes[1]: received '0'; expected a whole number at least 1",
            "run.yaml:9: crops[0].size: missing; expected a whole number",
            "run.yaml:10: queue: received keys with values; expected a whole number, or null",
            "run.yaml:6: freeze_stem: received 'yes'; expected true or false",
        ],
        faults);
    }

    [Theory]
    [InlineData("loss: { epsilon: NaN }", "run.yaml:1: loss.epsilon: received 'NaN'; expected a number above 0, at most 1")]
    [InlineData("loss: { epsilon: .inf }", "run.yaml:1: loss.epsilon: received '.inf'; expected a number above 0, at most 1")]
    [InlineData("seed: 99999999999999999999", "run.yaml:1: seed: received '99999999999999999999'; expected a whole number at least 0")]
    [InlineData("seed: 0x10", "run.yaml:1: seed: received '0x10'; expected a whole number at least 0")]
    [InlineData("seed:", "run.yaml:1: seed: received ''; expected a whole number at least 0")]
    [InlineData("method: 1", "run.yaml:1: method: received '1'; expected one of swav, deepcluster-v2, per-crop")]
    [InlineData("prototypes: 64", "run.yaml:1: prototypes: received '64'; expected a list, each a whole number at least 1")]
    [InlineData("doubled: 2", "run.yaml:1: doubled: unknown key; expected one of seed, name, weights, method, loss, extra, prototypes, crops, queue, freeze_stem")]
    public void A_value_of_another_type_is_refused(string yaml, string fault) => Assert.Equal([fault], Faults(yaml));

    [Fact]
    public void Records_check_their_combinations_where_they_stand()
    {
        Assert.Equal(
            [
                "run.yaml:2: queue: deepcluster-v2 has no queue; expected null",
                "run.yaml:4: crops[0].min_scale: 0.9 is above max_scale 0.5",
            ],
            Faults("method: deepcluster-v2\nqueue: 128\ncrops:\n  - {size: 8, min_scale: 0.9, max_scale: 0.5}"));
    }

    [Theory]
    [InlineData("a: &x 1\nb: *x", "run.yaml:1: anchors are not allowed; write the value out where it is needed.")]
    [InlineData("a: *x", "run.yaml:1: aliases are not allowed; write the value out.")]
    [InlineData("seed: !!int 3", "run.yaml:1: the tag tag:yaml.org,2002:int is not allowed; values take the type of their key.")]
    [InlineData("seed: !System.Diagnostics.Process 3", "run.yaml:1: the tag !System.Diagnostics.Process is not allowed; values take the type of their key.")]
    [InlineData("seed: 1\nseed: 2", "run.yaml:2: seed stands here and in line 1; expected it once.")]
    [InlineData("- 1\n- 2", "run.yaml:1: settings are keys with values, 'key: value'; found none.")]
    [InlineData("seed: 1\n---\nseed: 2", "run.yaml:2: a second document begins here; expected one.")]
    [InlineData("? [1]\n: 2", "run.yaml:1: a key has to be a word.")]
    public void Yaml_that_settings_do_without_is_refused(string yaml, string message) =>
        Assert.Equal(message, Assert.Throws<ConfigurationException>(() => Bind(yaml)).Message);

    [Theory]
    [InlineData("seed: [1")]
    [InlineData("seed: 'a")]
    [InlineData("seed: 1\n  name: 2")]
    public void Broken_yaml_names_its_line(string yaml) =>
        Assert.Matches("^run\\.yaml:[0-9]+: not valid YAML", Assert.Throws<ConfigurationException>(() => Bind(yaml)).Message);

    [Fact]
    public void Deep_nesting_is_refused_before_the_stack_ends() =>
        Assert.Contains("nested more than", Assert.Throws<ConfigurationException>(() => Bind("a: " + new string('[', 5000))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("seed")]
    [InlineData("=3")]
    public void An_assignment_without_key_or_value_is_refused(string assignment) =>
        Assert.StartsWith($"--set {assignment}: expected key=value", Assert.Throws<ConfigurationException>(() => Bind("", assignment)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_a_configuration_error()
    {
        using var folder = new TemporaryFolder();
        Assert.StartsWith(
            folder["none.yaml"] + ": the settings can't be read",
            Assert.Throws<ConfigurationException>(() => SettingsLayer.FromFile(folder["none.yaml"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Binding_leaves_shared_defaults_untouched()
    {
        var first = Bind("loss: { epsilon: 0.9 }");
        Assert.Equal(0.1, Bind("").Loss.Epsilon);
        Assert.Equal(0.9, first.Loss.Epsilon);
    }
}
