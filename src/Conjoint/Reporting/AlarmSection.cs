using Conjoint.Training.Monitoring;

namespace Conjoint.Reporting;

/// <summary>What the monitors found, in plain words with the cure.</summary>
internal static class AlarmSection
{
    public static Markup Content(RunMetrics metrics)
    {
        if (metrics.Stages.Count == 0)
            return Markup.Empty;
        var groups = metrics.Alarms.GroupBy(alarm => (alarm.Stage, alarm.Metric)).ToArray();
        if (groups.Length == 0)
        {
            var monitored = metrics.Lines.Any(line => line.Has("effective_rank"));
            return Markup.Of($"""
                <div class="note"><strong>No alarm.</strong> Losses stayed finite{(monitored ? ", and embeddings did not collapse" : "")}.</div>
                """);
        }

        return Markup.Of($"""
            <div class="note warn"><strong>{groups.Length} {(groups.Length == 1 ? "thing deserves" : "things deserve")} a look.</strong>
            <ul>{groups.Select(group => Item([.. group]))}</ul></div>
            """);
    }

    private static Markup Item(IReadOnlyList<Alarm> alarms)
    {
        var last = alarms[^1];
        var when = last.Epoch is { } epoch ? $", epoch {epoch + 1}" : "";
        var often = alarms.Count > 1 ? $" Seen {alarms.Count} times; this is the last." : "";
        return Markup.Of($"<li><b>{StageNames.Title(last.Stage)}{when}:</b> {last.Finding}{often} {last.Cure}</li>");
    }
}
