using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Training;

/// <summary>
/// <c>training_content.json</c> of a run folder: salted one-way hashes of what the run learned from, so that a later test on the same
/// scans is noticed. It names no case and no subject, and it is not in the weights.
/// </summary>
public static class TrainingContent
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n" };

    /// <summary>What one training saw.</summary>
    /// <param name="What"><c>pre-training</c> or <c>fine-tuning</c>.</param>
    /// <param name="Salt">Hashed with every checksum.</param>
    /// <param name="Content">Hashes, in the order of their letters.</param>
    private sealed record Group(string What, string Salt, IReadOnlyList<string> Content);

    /// <summary>Writes what a run learns from, with what the weights it starts from had learned from.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="what"><c>pre-training</c> or <c>fine-tuning</c>.</param>
    /// <param name="cases">The training cases.</param>
    /// <param name="weights">The weights as the user named them: a run's folder or a file in one; null for none.</param>
    public static void Write(RunFolder folder, string what, IEnumerable<StoreCase> cases, string? weights)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(cases);
        string[] content = [.. cases.SelectMany(StoreOverlap.ContentOf).Distinct().Order(StringComparer.Ordinal)];
        // The same cases give the same file; a salt of its own keeps lists of different runs from being compared with each other.
        var salt = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what + string.Concat(content))))[..32];
        var group = new Group(what, salt, [.. content.Select(c => Hash(salt, c)).Order(StringComparer.Ordinal)]);
        AtomicFile.WriteText(folder.TrainingContent, JsonSerializer.Serialize<Group[]>([.. Read(weights), group], s_json) + "\n");
    }

    /// <summary>Warnings about cases that a run, or one that its weights come from, has learned from; none where there is no list.</summary>
    /// <param name="weights">A run's folder or a file in one, as the user named it.</param>
    /// <param name="cases">Cases that are to be chosen by or scored on.</param>
    /// <param name="store">The folder of their store, for the message.</param>
    public static IEnumerable<string> Overlaps(string? weights, IReadOnlyList<StoreCase> cases, string store)
    {
        ArgumentNullException.ThrowIfNull(cases);
        foreach (var group in Read(weights))
        {
            var seen = group.Content.ToHashSet(StringComparer.Ordinal);
            var same = cases.Where(c => StoreOverlap.ContentOf(c).Any(content => seen.Contains(Hash(group.Salt, content)))).ToArray();
            if (same.Length > 0)
                yield return $"{store}: {same.Length} of {cases.Count} cases for validation and test were learned from in the {group.What} of these weights ({StoreOverlap.Names(same)}), so that scores on them will look too good; test on others, or train without them.";
        }
    }

    private static Group[] Read(string? weights)
    {
        if (weights is null || Find(weights) is not { } path)
            return [];
        try
        {
            return JsonSerializer.Deserialize<Group[]>(File.ReadAllBytes(path), s_json) is { } groups && groups.All(g => g is { What: not null, Salt: not null, Content: not null })
                ? groups
                : throw new InputDataException(path, "is no list of training content; delete it to go on without the comparison");
        }
        catch (JsonException error)
        {
            throw new InputDataException(path, $"is no list of training content ({error.Message}); delete it to go on without the comparison", error);
        }
    }

    /// <summary>In the folder of the run; weights of a stage lie one folder deeper.</summary>
    private static string? Find(string weights)
    {
        if (!Directory.Exists(weights) && !File.Exists(weights))
            return null;        // "scratch", or a name that another part refuses
        var folder = Directory.Exists(weights) ? weights : Path.GetDirectoryName(Path.GetFullPath(weights));
        return new[] { folder, Path.GetDirectoryName(folder) }.Take(Directory.Exists(weights) ? 1 : 2).OfType<string>()
            .Select(f => new RunFolder(f).TrainingContent).FirstOrDefault(File.Exists);
    }

    private static string Hash(string salt, string content) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(salt), Encoding.UTF8.GetBytes(content)));
}
