namespace Conjoint.Training.Monitoring;

/// <summary>
/// What a run tells about itself: each line goes to <c>metrics.jsonl</c>, and its numbers to the TensorBoard event file beside it.
/// Not thread safe.
/// </summary>
public sealed class RunLog : IDisposable
{
    private static readonly HashSet<string> NotPlotted = ["stage", "epoch", "step", "seed", "cases"];

    private readonly MetricsLog metrics;
    private readonly EventFile events;

    private RunLog(MetricsLog metrics, EventFile events) => (this.metrics, this.events) = (metrics, events);

    /// <summary>What a user should know about a resumed log, in one sentence; null when all is well.</summary>
    public string? Notice { get; private init; }

    /// <summary>Starts the logs of a run anew. Logs of an earlier run in the same folder are removed.</summary>
    /// <exception cref="IOException">A file cannot be opened or removed.</exception>
    public static RunLog Create(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        while (folder.FindEvents() is { } old)
            File.Delete(old);
        return new RunLog(MetricsLog.Open(folder.Metrics), EventFile.Create(folder.Path));
    }

    /// <summary>
    /// Goes on with the logs of an interrupted run. What was written after the checkpoint is dropped, since those steps will be
    /// done again: no line stands in the log twice.
    /// </summary>
    /// <param name="folder">The run.</param>
    /// <param name="position">Where the logs stood, as <see cref="Checkpoint"/> gave it.</param>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    public static RunLog Resume(RunFolder folder, RunLogPosition position)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(position);
        var metrics = MetricsLog.Open(folder.Metrics, position.MetricsBytes);
        var events = folder.FindEvents() is { } path
            ? EventFile.Reopen(path, position.EventsBytes)
            : EventFile.Create(folder.Path);
        return new RunLog(metrics, events)
        {
            Notice = metrics.Length == position.MetricsBytes ? null
                : $"{folder.Metrics}: holds {metrics.Length} bytes of whole lines where the checkpoint knows of {position.MetricsBytes}; "
                  + "its curves will have a gap, the training itself is not touched.",
        };
    }

    /// <summary>
    /// Writes a line. In TensorBoard its numbers are named <c>stage/name</c> (<c>stage/split/name</c> where the line has a split) and
    /// stand at the line's step, or at its epoch where it has no step. Lines of a single case go to <c>metrics.jsonl</c> only.
    /// </summary>
    public void Write(MetricsLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        metrics.Write(line);
        if (line.Has("case"))
            return;

        var prefix = line.Text("split") is { } split && split != line.Stage ? $"{line.Stage}/{split}/" : line.Stage + "/";
        var scalars = line.Values
            .Where(pair => !NotPlotted.Contains(pair.Key) && line.Number(pair.Key) is not null)
            .Select(pair => KeyValuePair.Create(prefix + pair.Key, line.Number(pair.Key)!.Value));
        events.WriteScalars(scalars, line.Integer("step") ?? line.Integer("epoch") ?? 0);
    }

    /// <summary>Writes a text (Markdown) for TensorBoard only: the configuration, say.</summary>
    public void WriteText(string tag, string text) => events.WriteText(tag, text, step: 0);

    /// <summary>Waits until the disk has all lines and says where the logs stand, for the checkpoint to record.</summary>
    public RunLogPosition Checkpoint()
    {
        metrics.FlushToDisk();
        events.FlushToDisk();
        return new RunLogPosition(metrics.Length, events.Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        metrics.Dispose();
        events.Dispose();
    }
}
