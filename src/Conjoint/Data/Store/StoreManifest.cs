namespace Conjoint.Data;

/// <summary>What <c>manifest.json</c> holds.</summary>
/// <remarks>The same sources and settings give the same bytes: no times, no machine's paths, cases in the order of their names.</remarks>
public sealed record StoreManifest
{
    /// <summary>The word that tells a store's manifest from other JSON files.</summary>
    public const string FormatName = "conjoint-store";

    /// <summary>The layout that this library writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary><see cref="FormatName"/>.</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>Layout of the store.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>What the store was made with.</summary>
    public required PrepareSettings Settings { get; init; }

    /// <summary>Names of the classes of whole cases; <see cref="StoreCase.Label"/> is an index.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Labels other than 0 that occur in masks, ascending.</summary>
    public required IReadOnlyList<int> MaskClasses { get; init; }

    /// <summary>Names of the classes of boxes.</summary>
    public required IReadOnlyList<string> BoxClasses { get; init; }

    /// <summary>Things to know about the whole store, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The cases, in the order of their names.</summary>
    public required IReadOnlyList<StoreCase> Cases { get; init; }

    /// <summary>What can't be true of a store, or must not be believed: a manifest may have come with somebody's data. Null when all is well.</summary>
    internal string? Fault()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        return Cases.Select(c => c.Fault() ?? (ids.Add(c.Id) ? null : $"has two cases '{StorePath.Shown(c.Id)}'")).FirstOrDefault(fault => fault is not null);
    }
}
