namespace Conjoint.Data;

/// <summary>stub</summary>
public sealed class Preparer(PrepareSettings settings)
{
    /// <summary>Stub.</summary>
    public PrepareSummary Run(IReadOnlyList<string> sources, string storeFolder, IProgress<PrepareProgress>? progress = null, CancellationToken cancellation = default) => throw new InvalidOperationException(settings.ToString());
}
