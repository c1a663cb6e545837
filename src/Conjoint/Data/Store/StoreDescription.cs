using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>What a store holds, counted.</summary>
public sealed record StoreDescription
{
    /// <summary>The store's folder.</summary>
    public required string Path { get; init; }

    /// <summary><c>store</c>.</summary>
    public string Format { get; init; } = "store";

    /// <summary>Cases.</summary>
    public required int Cases { get; init; }

    /// <summary>Volumes among them.</summary>
    public required int Volumes { get; init; }

    /// <summary>Plain images among them.</summary>
    public required int Images { get; init; }

    /// <summary>Slices of the volumes and plain images together.</summary>
    public required long Slices { get; init; }

    /// <summary>Subjects.</summary>
    public required int Subjects { get; init; }

    /// <summary>Cases with a mask.</summary>
    public required int WithMask { get; init; }

    /// <summary>Cases by data set.</summary>
    public required IReadOnlyDictionary<string, int> Datasets { get; init; }

    /// <summary>Cases by modality.</summary>
    public required IReadOnlyDictionary<string, int> Modalities { get; init; }

    /// <summary>Cases by split.</summary>
    public required IReadOnlyDictionary<string, int> Splits { get; init; }

    /// <summary>Foreground labels found in masks.</summary>
    public required IReadOnlyList<int> MaskClasses { get; init; }

    /// <summary>Cases by label of their masks.</summary>
    public required IReadOnlyDictionary<int, int> CasesByLabel { get; init; }

    /// <summary>Cases by class.</summary>
    public required IReadOnlyDictionary<string, int> CasesByClass { get; init; }

    /// <summary>Cases whose source has the same content as another's.</summary>
    public required int Duplicates { get; init; }

    /// <summary>What it was prepared with.</summary>
    public required PrepareSettings Settings { get; init; }

    /// <summary>The picture of its cases; null where none was drawn.</summary>
    public string? ContactSheet { get; init; }

    /// <summary>Names of the classes of whole cases.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Names of the classes of boxes.</summary>
    public required IReadOnlyList<string> BoxClasses { get; init; }

    /// <summary>Inputs that were left out; <c>skipped.jsonl</c> says why.</summary>
    public required int Skipped { get; init; }

    /// <summary>What is doubtful, one sentence each.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Reads a store's manifest.</summary>
    /// <exception cref="InputDataException">Not a store, or of another version.</exception>
    public static StoreDescription Read(string folder)
    {
        using var store = PreparedStore.Open(folder);
        var cases = store.Cases;
        var skipped = System.IO.Path.Combine(folder, PreparedStore.SkippedFile);
        return new StoreDescription
        {
            Path = folder,
            Cases = cases.Count,
            Volumes = cases.Count(c => c.Kind == CaseKind.Volume),
            Images = cases.Count(c => c.Kind == CaseKind.Image),
            Slices = cases.Sum(c => (long)c.Slices),
            Subjects = cases.Select(c => c.Subject).Distinct().Count(),
            WithMask = cases.Count(c => c.HasMask),
            Datasets = Count(cases, c => c.Dataset),
            Modalities = Count(cases, c => c.Modality.ToString()),
            Splits = Count(cases, c => c.Split),
            MaskClasses = store.MaskClasses,
            CasesByLabel = new SortedDictionary<int, int>(cases.SelectMany(c => c.MaskLabels).CountBy(l => l).ToDictionary()),
            CasesByClass = Count([.. cases.Where(c => c.Label is >= 0 && c.Label < store.ClassNames.Count)], c => store.ClassNames[c.Label!.Value]),
            Duplicates = cases.GroupBy(c => c.SourceChecksum).Sum(g => g.Count() - 1),
            Settings = store.Manifest.Settings,
            ClassNames = store.ClassNames,
            BoxClasses = store.BoxClasses,
            Skipped = File.Exists(skipped) ? File.ReadLines(skipped).Count(l => l.Length > 0) : 0,
            Problems = [.. store.Manifest.Warnings, .. cases.SelectMany(c => c.Warnings.Select(w => $"{c.Id}: {w}"))],
        };
    }

    private static SortedDictionary<string, int> Count(IEnumerable<StoreCase> cases, Func<StoreCase, string> key) =>
        new(cases.GroupBy(key).ToDictionary(g => g.Key, g => g.Count()), StringComparer.Ordinal);
}
