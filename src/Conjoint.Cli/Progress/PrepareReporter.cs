using System.Globalization;
using Conjoint.Data;

namespace Conjoint.Cli.Progress;

/// <summary>Shows a preparation's progress. Its reports may come from many threads.</summary>
internal sealed class PrepareReporter(IStatusObserver observer) : IProgress<PrepareProgress>
{
    private readonly Lock _gate = new();

    public void Report(PrepareProgress value)
    {
        var text = value.Case is null
            ? string.Create(CultureInfo.InvariantCulture, $"{value.Total} cases, about {value.BytesNeeded / 1e6:0} MB")
            : $"{value.Done}/{value.Total} cases  {value.Case}";
        lock (_gate)
            observer.Status(text, value.Done == value.Total);
    }
}
