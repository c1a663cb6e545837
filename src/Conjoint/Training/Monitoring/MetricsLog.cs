using System.Text;

namespace Conjoint.Training.Monitoring;

/// <summary>
/// Appends lines to <c>metrics.jsonl</c>. Each line is handed to the operating system at once, so a killed process loses none.
/// Not thread safe.
/// </summary>
public sealed class MetricsLog : IDisposable
{
    private readonly FileStream stream;

    private MetricsLog(FileStream stream) => this.stream = stream;

    /// <summary>Bytes written so far: what a checkpoint records, and <see cref="Open"/> takes on resume.</summary>
    public long Length => stream.Length;

    /// <summary>
    /// Opens a log for appending and drops what lies after <paramref name="keepBytes"/>: lines of steps that will be done again.
    /// </summary>
    /// <param name="path">The file; made when missing.</param>
    /// <param name="keepBytes">
    /// The length to keep, as <see cref="Length"/> gave it; 0 starts anew. A file that is shorter keeps its whole lines.
    /// </param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static MetricsLog Open(string path, long keepBytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keepBytes);
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        stream.SetLength(EndOfLastLine(stream, Math.Min(keepBytes, stream.Length)));
        stream.Seek(0, SeekOrigin.End);
        return new MetricsLog(stream);
    }

    /// <summary>Appends one line.</summary>
    public void Write(MetricsLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        stream.Write(Encoding.UTF8.GetBytes(line.ToJson() + "\n"));
        stream.Flush();
    }

    /// <summary>Waits until the disk has everything, so that a checkpoint never knows of lines that the file lacks.</summary>
    public void FlushToDisk() => stream.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    /// <summary>The end of the last whole line within the first <paramref name="length"/> bytes.</summary>
    private static long EndOfLastLine(FileStream stream, long length)
    {
        for (; length > 0; length--)
        {
            stream.Position = length - 1;
            if (stream.ReadByte() == '\n')
                return length;
        }

        return 0;
    }
}
