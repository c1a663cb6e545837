namespace Conjoint.Data;

/// <summary>How far a preparation has come.</summary>
/// <param name="Done">Cases finished, kept or set aside.</param>
/// <param name="Total">Cases in all.</param>
/// <param name="Case">The case that was finished last; null in the first report.</param>
/// <param name="BytesNeeded">Disk space that the store will take, about; known from the first report on.</param>
public readonly record struct PrepareProgress(int Done, int Total, string? Case, long BytesNeeded);
