using Conjoint.Training;
using Conjoint.Training.ReportData;

namespace Conjoint.Cli.Commands;

/// <summary>Work that is cut into cells, done alone or with others, or as one of the others: quietly, and no longer than the first process lives.</summary>
internal static class SharedWork
{
    /// <summary>Does it.</summary>
    /// <param name="invocation">The call.</param>
    /// <param name="isWorker">Whether this is one of the further processes.</param>
    /// <param name="jobs">Processes in all.</param>
    /// <param name="compute">The work, given the command line to go on with it; it ends when all cells are finished, by whichever process.</param>
    /// <returns>What it came to; nothing in a further process.</returns>
    public static T? Run<T>(Invocation invocation, bool isWorker, long jobs, Func<string, IRunObserver, CancellationToken, T> compute)
        where T : class
    {
        if (isWorker)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(invocation.Cancellation, BenchmarkWorkers.EndOfFirst());
            invocation.WithProgress(observer => compute(CommandText.From(invocation.Words.Where(w => w != BenchmarkWorkers.Flag)), observer, stop.Token));
            return null;
        }

        using var workers = new BenchmarkWorkers((int)jobs - 1, invocation.Words, invocation.Error);
        var result = invocation.WithProgress(observer => compute(CommandText.From(invocation.Words), observer, invocation.Cancellation));
        workers.Finish();
        return result;
    }
}
