using System.Diagnostics;

namespace Conjoint.Training.Checkpoints;

/// <summary>
/// Writes checkpoints beside the training: a copy of the state is made at once, the disk gets it on another thread. At most one
/// is being written; a newer one waits for it.
/// </summary>
internal sealed class CheckpointWriter(string path, double intervalSeconds) : IDisposable
{
    /// <summary>Removes what killed processes left half-written: each is as large as a checkpoint.</summary>
    /// <param name="folder">The folder of checkpoints.</param>
    public static void RemoveLeftovers(string folder)
    {
        foreach (var left in Directory.EnumerateFiles(folder, ".*.tmp"))
            File.Delete(left);
    }

    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();
    private Task _writing = Task.CompletedTask;

    /// <summary>Whether the next step, if it takes as long as the last, would make the last checkpoint older than the interval.</summary>
    public bool IsDue(double stepSeconds) => _sinceLast.Elapsed.TotalSeconds + stepSeconds > intervalSeconds;

    /// <summary>Begins to write; the checkpoint is disposed when it is on the disk.</summary>
    /// <exception cref="IOException">An earlier checkpoint could not be written.</exception>
    public void Begin(Checkpoint checkpoint)
    {
        Finish();
        _sinceLast.Restart();
        _writing = Task.Run(() =>
        {
            using (checkpoint)
                checkpoint.Write(path);
        });
    }

    /// <summary>Waits until the last one is on the disk.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Finish() => _writing.GetAwaiter().GetResult();

    /// <summary>Waits for the last one; a failure was told by <see cref="Finish"/> or is of no use any more.</summary>
    public void Dispose() => ((IAsyncResult)_writing).AsyncWaitHandle.WaitOne();
}
