using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training.Settings;

namespace Conjoint.Tests.Runtime.Settings;

/// <summary>Maps from names to numbers among the settings.</summary>
public class SettingsMapTests
{
    private static PretrainSettings Bind(string yaml, params string[] assignments) =>
        SettingsBinder.Bind<PretrainSettings>([SettingsLayer.FromText("run.yaml", yaml), .. assignments.Select(SettingsLayer.FromAssignment)]);

    [Fact]
    public void Later_layers_go_over_earlier_ones_name_by_name()
    {
        var settings = Bind("data_weights: { LUNA16: 2, MSD-Heart: 0.5 }", "data_weights.LUNA16=3", "data_weights.LiTS=1");
        Assert.Equal([("LUNA16", 3.0), ("LiTS", 1.0), ("MSD-Heart", 0.5)], settings.DataWeights.Select(w => (w.Key, w.Value)));
    }

    [Fact]
    public void What_is_written_reads_back_equal()
    {
        var settings = Bind("data_weights: { LUNA16: 2, MSD-Heart: 0.5, \"my set: 2\": 1 }");
        Assert.Equal(settings, Bind(SettingsWriter.Write(settings)));
        Assert.Contains("\ndata_weights: {}\n", SettingsWriter.Write(Bind("")), StringComparison.Ordinal);
        Assert.Equal(Bind(""), Bind(SettingsWriter.Write(Bind(""))));
        Assert.NotEqual(settings, Bind("data_weights: { LUNA16: 2 }"));
    }

    [Theory]
    [InlineData("data_weights: { LUNA16: -1 }", "data_weights.LUNA16: received '-1'; expected a number at least 0")]
    [InlineData("data_weights: { LUNA16: often }", "data_weights.LUNA16: received 'often'")]
    [InlineData("data_weights: 2", "data_weights: received '2'; expected names, each with a number at least 0")]
    [InlineData("data_weights: [2]", "data_weights: received a list")]
    public void What_is_no_map_of_weights_is_told(string yaml, string fault) =>
        Assert.Contains(fault, Assert.Throws<ConfigurationException>(() => Bind(yaml)).Message, StringComparison.Ordinal);
}
