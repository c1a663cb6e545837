using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Google.Protobuf;
using Tensorboard;

namespace Conjoint.Training.Monitoring;

/// <summary>
/// Appends to a TensorBoard event file: records of length, masked CRC-32C of the length, data, masked CRC-32C of the data.
/// </summary>
/// <remarks>
/// The messages are TorchSharp's; its <c>SummaryWriter</c> is not used, as it puts the host's name into the file name, keeps
/// wall times as 32-bit floats (steps of two minutes), and cannot go on with the file of an interrupted run.
/// </remarks>
internal sealed class EventFile : IDisposable
{
    private const int Framing = 8 + 4 + 4; // length, its checksum, and the data's checksum

    private readonly FileStream stream;

    private EventFile(FileStream stream) => this.stream = stream;

    /// <summary>Bytes written so far.</summary>
    public long Length => stream.Length;

    /// <summary>Starts a new file in a folder; its name holds the time, by which TensorBoard sorts.</summary>
    public static EventFile Create(string folder)
    {
        var seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var file = new EventFile(new FileStream(
            Path.Combine(folder, $"events.out.tfevents.{seconds}.conjoint"), FileMode.Create, FileAccess.ReadWrite, FileShare.Read));
        file.Write(new Event { FileVersion = "brain.Event:2", WallTime = Now() });
        return file;
    }

    /// <summary>Goes on with a file after dropping what lies behind its first <paramref name="keepBytes"/> bytes.</summary>
    public static EventFile Reopen(string path, long keepBytes)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        stream.SetLength(EndOfLastRecord(stream, Math.Min(keepBytes, stream.Length)));
        stream.Seek(0, SeekOrigin.End);
        return new EventFile(stream);
    }

    /// <summary>Adds the scalars of one step as one record.</summary>
    public void WriteScalars(IEnumerable<KeyValuePair<string, double>> scalars, long step)
    {
        var summary = new Summary();
        foreach (var (tag, value) in scalars)
            summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = (float)value });
        if (summary.Value.Count > 0)
            Write(new Event { Step = step, WallTime = Now(), Summary = summary });
    }

    /// <summary>Adds a text, shown in TensorBoard's text tab as Markdown.</summary>
    public void WriteText(string tag, string text, long step)
    {
        var tensor = new TensorProto { Dtype = DataType.DtString, TensorShape = new TensorShapeProto() };
        tensor.TensorShape.Dim.Add(new TensorShapeProto.Types.Dim { Size = 1 });
        tensor.StringVal.Add(ByteString.CopyFromUtf8(text));
        var summary = new Summary();
        summary.Value.Add(new Summary.Types.Value
        {
            Tag = tag,
            Tensor = tensor,
            Metadata = new SummaryMetadata { PluginData = new SummaryMetadata.Types.PluginData { PluginName = "text" } },
        });
        Write(new Event { Step = step, WallTime = Now(), Summary = summary });
    }

    public void FlushToDisk() => stream.Flush(flushToDisk: true);

    public void Dispose() => stream.Dispose();

    /// <summary>CRC-32C, rotated and offset as TensorFlow's record format asks.</summary>
    internal static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8u;
    }

    /// <summary>The end of the last whole record within the first <paramref name="limit"/> bytes.</summary>
    private static long EndOfLastRecord(FileStream stream, long limit)
    {
        Span<byte> header = stackalloc byte[8];
        var end = 0L;
        while (end + Framing <= limit)
        {
            stream.Position = end;
            stream.ReadExactly(header);
            var data = BinaryPrimitives.ReadInt64LittleEndian(header);
            if (data < 0 || data > limit - end - Framing)
                break;
            end += Framing + data;
        }

        return end;
    }

    private static double Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;

    private void Write(Event message)
    {
        var data = message.ToByteArray();
        var record = new byte[Framing + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(record, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc(record.AsSpan(0, 8)));
        data.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedCrc(data));
        stream.Write(record);
        stream.Flush();
    }
}
