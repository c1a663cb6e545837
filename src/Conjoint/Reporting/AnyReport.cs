using Conjoint.Imaging;
using Conjoint.Training.Monitoring;

namespace Conjoint.Reporting;

/// <summary>The report that fits a folder.</summary>
public static class AnyReport
{
    /// <summary>Writes the pages of tables where the folder holds some; else a comparison's report where its metrics hold one, a run's otherwise.</summary>
    /// <param name="folder">The folder of a run, a demo or a comparison, or of tables.</param>
    /// <returns>The path of the report, or of the last table's page.</returns>
    /// <exception cref="InputDataException">There is no such folder, it holds no metrics, or a file in it is damaged.</exception>
    public static string Write(string folder)
    {
        if (TablePage.In(folder) is { Count: > 0 } tables)
            return tables.Select(TablePage.Write).Last();
        var run = RunReport.Open(folder);
        return MetricsReader.Read(run.Metrics).Any(line => line.Stage == "comparison") ? ComparisonReport.Write(folder) : RunReport.Write(folder);
    }
}
