using System.Buffers.Binary;
using Conjoint.TestSupport;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Google.Protobuf;
using Tensorboard;

namespace Conjoint.Tests.Training.Monitoring;

public sealed class RunLogTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly RunFolder folder;

    public RunLogTests() => folder = RunFolder.Create(temporary["run"]);

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Every_record_of_the_event_file_has_right_checksums()
    {
        using (var log = RunLog.Create(folder))
        {
            log.WriteText("config", "seed: 1");
            log.Write(Step(1));
        }

        var events = ReadEvents();
        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.Equal("seed: 1", events[1].Summary.Value[0].Tensor.StringVal[0].ToStringUtf8());
        Assert.Equal("text", events[1].Summary.Value[0].Metadata.PluginData.PluginName);
        Assert.Equal(3, events.Count);
    }

    [Fact]
    public void Numbers_go_to_TensorBoard_by_stage_and_split_at_their_step()
    {
        using (var log = RunLog.Create(folder))
        {
            log.Write(Step(12));
            log.Write(new MetricsLine("finetune").Add("split", "val").Add("epoch", 3).Add("dice", 0.5));
            log.Write(new MetricsLine("test").Add("split", "test").Add("summary", true).Add("cases", 4).Add("dice", 0.25));
        }

        Assert.Equal(
            [(12L, "slices/loss", 0.5f), (12, "slices/lr", 0.125f), (3, "finetune/val/dice", 0.5f), (0, "test/dice", 0.25f)],
            Scalars());
    }

    [Fact]
    public void Wall_times_are_exact_to_a_second()
    {
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        using (var log = RunLog.Create(folder))
            log.Write(Step(1));
        var after = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1;
        Assert.All(ReadEvents(), message => Assert.InRange(message.WallTime, before, after));
    }

    [Fact]
    public void Lines_of_single_cases_stay_out_of_TensorBoard()
    {
        using (var log = RunLog.Create(folder))
            log.Write(new MetricsLine("test").Add("split", "test").Add("case", "a").Add("dice", 0.25));
        Assert.Empty(Scalars());
        Assert.Single(MetricsReader.Read(folder.Metrics));
    }

    [Fact]
    public void A_resumed_run_has_each_step_once_in_both_logs()
    {
        RunLogPosition position;
        using (var log = RunLog.Create(folder))
        {
            log.Write(Step(1));
            position = log.Checkpoint();
            log.Write(Step(2));
            log.Write(Step(3));
        }

        using (var log = RunLog.Resume(folder, position))
        {
            Assert.Null(log.Notice);
            log.Write(Step(2));
            log.Write(Step(3));
        }

        Assert.Equal([1L, 2, 3], MetricsReader.Read(folder.Metrics).Select(line => line.Integer("step")!.Value));
        Assert.Equal([1L, 2, 3], Scalars().Where(scalar => scalar.Tag == "slices/loss").Select(scalar => scalar.Step));
        Assert.Single(Directory.GetFiles(folder.Path, "events.out.tfevents.*"));
    }

    [Fact]
    public void A_record_cut_short_by_a_kill_is_dropped_on_resume()
    {
        using (var log = RunLog.Create(folder))
            log.Write(Step(1));
        using (var stream = File.OpenWrite(folder.FindEvents()!))
            stream.SetLength(stream.Length - 3);

        using (var log = RunLog.Resume(folder, new RunLogPosition(0, long.MaxValue)))
            log.Write(Step(1));
        Assert.Equal([1L], Scalars().Where(scalar => scalar.Tag == "slices/loss").Select(scalar => scalar.Step));
    }

    [Fact]
    public void A_log_shorter_than_the_checkpoint_knows_is_told()
    {
        using (var log = RunLog.Resume(folder, new RunLogPosition(500, 500)))
            Assert.Contains("metrics.jsonl", log.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_run_in_an_old_folder_leaves_nothing_of_the_old_logs()
    {
        using (var log = RunLog.Create(folder))
            log.Write(Step(1));
        File.Move(folder.FindEvents()!, Path.Combine(folder.Path, "events.out.tfevents.0.old"));
        using (var log = RunLog.Create(folder))
            log.Write(Step(5));
        Assert.Equal([5L], Scalars().Where(scalar => scalar.Tag == "slices/loss").Select(scalar => scalar.Step));
        Assert.Single(MetricsReader.Read(folder.Metrics));
    }

    private static MetricsLine Step(long step) =>
        new MetricsLine("slices").Add("epoch", 0).Add("step", step).Add("loss", 0.5).Add("lr", 0.125);

    private IEnumerable<(long Step, string Tag, float Value)> Scalars() =>
        from message in ReadEvents()
        where message.Summary is not null
        from value in message.Summary.Value
        where value.Tensor is null
        select (message.Step, value.Tag, value.SimpleValue);

    /// <summary>TensorFlow's record format, read by the book: a bitwise CRC-32C, independent of the writer's.</summary>
    private List<Event> ReadEvents()
    {
        var bytes = File.ReadAllBytes(folder.FindEvents()!).AsSpan();
        var events = new List<Event>();
        while (bytes.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            Assert.Equal(MaskedCrc(bytes[..8]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));
            var data = bytes.Slice(12, length);
            Assert.Equal(MaskedCrc(data), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(12 + length)..]));
            var message = new Event();
            message.MergeFrom(new CodedInputStream(data.ToArray()));
            events.Add(message);
            bytes = bytes[(16 + length)..];
        }

        return events;
    }

    private static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82f63b78u : crc >> 1;
        }

        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
    }
}
