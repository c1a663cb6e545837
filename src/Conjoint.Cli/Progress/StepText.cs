using System.Globalization;
using Conjoint.Training;

namespace Conjoint.Cli.Progress;

/// <summary>Where a run stands, in one line.</summary>
internal static class StepText
{
    public static string Format(StepProgress progress, TimeSpan? left)
    {
        var culture = CultureInfo.InvariantCulture;
        var line = string.Create(culture,
            $"{progress.Stage}  epoch {progress.Epoch + 1}/{progress.Epochs}  step {progress.Step}/{progress.Steps}  loss {progress.Loss:0.0000}  lr {progress.LearningRate:0.0e+0}"
            + $"  {Rate(progress.SamplesPerSecond)} samples/s  data wait {progress.DataWaitFraction * 100:0} %");
        return left is { } time ? $"{line}  {Duration(time)} left" : line;
    }

    /// <summary>Two units at most: <c>45 s</c>, <c>12 min</c>, <c>3 h 05 min</c>, <c>2 d 04 h</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        if (time.TotalSeconds < 59.5)
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Round(time.TotalSeconds)} s");
        var minutes = (long)Math.Round(time.TotalMinutes);
        if (minutes < 60)
            return string.Create(CultureInfo.InvariantCulture, $"{minutes} min");
        return minutes < 24 * 60
            ? string.Create(CultureInfo.InvariantCulture, $"{minutes / 60} h {minutes % 60:00} min")
            : string.Create(CultureInfo.InvariantCulture, $"{minutes / 1440} d {minutes % 1440 / 60:00} h");
    }

    private static string Rate(double rate) => rate.ToString(rate < 10 ? "0.00" : rate < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
