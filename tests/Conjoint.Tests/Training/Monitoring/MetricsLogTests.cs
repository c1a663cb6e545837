using Conjoint.Imaging;
using Conjoint.TestSupport;
using Conjoint.Training.Monitoring;

namespace Conjoint.Tests.Training.Monitoring;

public sealed class MetricsLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string LogPath => folder["metrics.jsonl"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_line_can_be_read_as_soon_as_it_is_written()
    {
        using var log = MetricsLog.Open(LogPath);
        log.Write(Step(1));
        Assert.Equal([1], Steps());
    }

    [Fact]
    public void Resuming_drops_what_came_after_the_checkpoint()
    {
        long length;
        using (var log = MetricsLog.Open(LogPath))
        {
            log.Write(Step(1));
            log.Write(Step(2));
            length = log.Length;
            log.Write(Step(3));
            log.Write(Step(4));
        }

        using (var log = MetricsLog.Open(LogPath, length))
            log.Write(Step(3));
        Assert.Equal([1, 2, 3], Steps());
    }

    [Fact]
    public void Opening_without_a_length_starts_anew()
    {
        using (var log = MetricsLog.Open(LogPath))
            log.Write(Step(1));
        using (var log = MetricsLog.Open(LogPath))
            log.Write(Step(7));
        Assert.Equal([7], Steps());
    }

    [Fact]
    public void A_file_shorter_than_recorded_keeps_its_whole_lines()
    {
        File.WriteAllText(LogPath, Step(1).ToJson() + "\n" + Step(2).ToJson()[..10]);
        using (var log = MetricsLog.Open(LogPath, keepBytes: 10_000))
            log.Write(Step(2));
        Assert.Equal([1, 2], Steps());
    }

    [Fact]
    public void An_incomplete_last_line_is_passed_over()
    {
        File.WriteAllText(LogPath, Step(1).ToJson() + "\n" + Step(2).ToJson()[..10]);
        Assert.Equal([1], Steps());
    }

    [Fact]
    public void A_damaged_line_within_is_an_error_that_names_it()
    {
        File.WriteAllText(LogPath, Step(1).ToJson() + "\nnonsense\n" + Step(2).ToJson() + "\n");
        var error = Assert.Throws<InputDataException>(Steps);
        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("metrics.jsonl", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_log_is_an_error_that_names_it() =>
        Assert.Contains("metrics.jsonl", Assert.Throws<InputDataException>(Steps).Message, StringComparison.Ordinal);

    private static MetricsLine Step(long step) => new MetricsLine("slices").Add("step", step).Add("loss", 1.0 / step);

    private IEnumerable<long> Steps() => MetricsReader.Read(LogPath).Select(line => line.Integer("step")!.Value);
}
