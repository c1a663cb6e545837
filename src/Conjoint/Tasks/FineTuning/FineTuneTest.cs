namespace Conjoint.Tasks.FineTuning;

/// <summary>Scores the kept weights on the test cases.</summary>
internal static class FineTuneTest
{
    /// <summary>Scores the cases that have no score yet.</summary>
    /// <exception cref="OperationCanceledException">The run was asked to stop; a checkpoint is written.</exception>
    public static void Run<TModel, TBatch, TScore>(FineTuneJob<TModel, TBatch, TScore> job, FineTuneProgress<TScore> progress)
        where TModel : class, IFineTuneModel
        where TBatch : class, IDisposable
        where TScore : class
    {
        var (task, state) = (job.Task, progress.State);
        state.Pending ??= [];
        var cases = task.Cases.Test;
        if (cases.Count == 0)
            job.Context.Observer.Warn("The store has no labelled test case; the run ends without test scores.");

        using var model = task.BeginTest(state.Pending);
        for (var i = state.Pending.Count; i < cases.Count; i++)
        {
            progress.SaveIfDue(() => []);
            var score = task.Test(model, cases[i]);
            progress.Log.Write(task.TestLine(score));
            state.Pending.Add(score);
        }

        if (cases.Count == 0)
            return;
        var (line, text) = task.SumUpTest(state.Pending);
        progress.Log.Write(line);
        job.Context.Observer.Log($"test: {text}");
    }
}
