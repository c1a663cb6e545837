using Conjoint.Tasks.Metrics;
using Conjoint.Training.ReportData;

namespace Conjoint.Tasks.Segmentation;

/// <summary>Scores the kept weights on the test cases, with pictures of some for the report.</summary>
internal static class FineTuneTest
{
    private const int Pictures = 8;

    /// <summary>Scores the cases that have no score yet.</summary>
    /// <exception cref="OperationCanceledException">The run was asked to stop; a checkpoint is written.</exception>
    public static void Run(FineTuneJob job, FineTuneProgress progress)
    {
        var state = progress.State;
        state.Pending ??= [];
        var cases = job.Cases.Test;
        if (cases.Count == 0)
            job.Observer.Warn("The store has no labelled test case; the run ends without test scores.");
        var shown = Enumerable.Range(0, Math.Min(Pictures, cases.Count)).Select(i => i * cases.Count / Math.Min(Pictures, cases.Count)).ToHashSet();
        var pictures = KnownPictures(job, state);

        using var segmenter = Segmenter.Open(job.Folder.Weights, job.Settings.Device);
        for (var i = state.Pending.Count; i < cases.Count; i++)
        {
            progress.SaveIfDue(() => []);
            var scored = ScoredCase.Of(segmenter, job.Store, cases[i], job.Settings.SurfaceDistances);
            if (shown.Contains(i))
            {
                pictures.Add(scored.Picture(job.Store, segmenter.Labels));
                ReportFiles.Write(job.Folder, new OverlayPictures { Pictures = pictures });
            }

            progress.Log.Write(ScoreLines.Case("test", scored.Score));
            state.Pending.Add(scored.Score);
        }

        if (cases.Count == 0)
            return;
        var summary = ScoreSummary.Of(state.Pending);
        progress.Log.Write(ScoreLines.Summary("test", summary));
        job.Observer.Log(FormattableString.Invariant($"test: Dice {summary.Dice}, IoU {summary.Iou} over {summary.Cases} cases"));
    }

    /// <summary>Pictures that an interrupted run wrote of cases whose scores are safe; the others will be drawn again.</summary>
    private static List<OverlayPictures.Picture> KnownPictures(FineTuneJob job, FineTuneState state) =>
        [.. (ReportFiles.ReadOverlays(job.Folder)?.Pictures ?? []).Where(p => state.Pending!.Any(s => s.Case == p.Case))];
}
