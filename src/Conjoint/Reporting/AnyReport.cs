using Conjoint.Imaging;
using Conjoint.Training.Monitoring;

namespace Conjoint.Reporting;

/// <summary>The report that fits a folder.</summary>
public static class AnyReport
{
    /// <summary>Writes a comparison's report where the folder's metrics hold one, a run's otherwise.</summary>
    /// <param name="folder">The folder of a run, a demo or a comparison.</param>
    /// <returns>The path of the report.</returns>
    /// <exception cref="InputDataException">There is no such folder, it holds no metrics, or a file in it is damaged.</exception>
    public static string Write(string folder)
    {
        var run = RunReport.Open(folder);
        return MetricsReader.Read(run.Metrics).Any(line => line.Stage == "comparison") ? ComparisonReport.Write(folder) : RunReport.Write(folder);
    }
}
