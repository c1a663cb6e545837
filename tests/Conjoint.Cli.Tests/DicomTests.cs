using System.Text.Json;
using Conjoint.TestSupport;

namespace Conjoint.Cli.Tests;

/// <summary>DICOM through the program: what is told, and what never is.</summary>
public class DicomTests
{
    private const string Secret = "SECRETDOE";

    [Fact]
    public void A_series_is_one_entry_and_a_patient_is_in_no_output()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["scans"]);
        for (var k = 0; k < 3; k++)
            Named(DicomBytes.Slice([(short)(k * 10), 0, 1, 2], 2, [0, 0, 3 * k], instance: k)).Save(folder[$"scans/{k}"]);
        var json = CliRun.Of("inspect", folder["scans"], "--json");
        Assert.Equal(0, json.ExitCode);
        var entry = Assert.Single(JsonDocument.Parse(json.Out).RootElement.EnumerateArray());
        Assert.Equal(
            (folder["scans"], "dicom", "LPS", "CT", "int16"),
            (entry.GetProperty("path").GetString(), entry.GetProperty("format").GetString(), entry.GetProperty("orientation").GetString(), entry.GetProperty("modality").GetString(), entry.GetProperty("dtype").GetString()));
        Assert.Equal([2, 2, 3], entry.GetProperty("shape").EnumerateArray().Select(n => n.GetInt32()));
        Assert.Equal([0.75, 0.5, 3], entry.GetProperty("spacing_mm").EnumerateArray().Select(n => n.GetDouble()));

        Named(DicomBytes.Slice([1, 2], 2, [0, 0, 0], series: "1.7")).Text(0x00280008, "IS", Secret).Save(folder["damaged.dcm"]);
        Named(new DicomBytes { Syntax = "1.2.840.10008.1.2.4.81" }.Image(2, 2, 16)).Fragments([1, 2, 3, 4]).Save(folder["ls.dcm"]);
        var runs = new[]
        {
            json,
            CliRun.Of("inspect", folder.Path),
            CliRun.Of("inspect", folder["damaged.dcm"], "--verbose"),
            CliRun.Of("inspect", folder["ls.dcm"], "--verbose"),
            CliRun.Of("prepare", folder.Path, "--out", folder["store"], "--verbose"),
            CliRun.Of("inspect", folder["store"], "--json"),
        };
        Assert.Equal([0, 0, 3, 3, 0, 0], runs.Select(run => run.ExitCode));
        Assert.All(runs, run => Assert.DoesNotContain(Secret, run.Out + run.Error, StringComparison.OrdinalIgnoreCase));
    }

    private static DicomBytes Named(DicomBytes file) => file
        .Text(0x00100010, "PN", Secret + "^JANE").Text(0x00100020, "LO", Secret + "-ID").Text(0x00080090, "PN", Secret).Text(0x00081030, "LO", Secret);
}
