using Conjoint.Imaging;

namespace Conjoint.Runtime;

/// <summary>What a weights file holds, without its numbers.</summary>
public sealed record WeightsDescription
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary><c>safetensors</c>.</summary>
    public string Format { get; init; } = "safetensors";

    /// <summary>Tensors in it.</summary>
    public required int Tensors { get; init; }

    /// <summary>Numbers in them.</summary>
    public required long Numbers { get; init; }

    /// <summary>The same by net: the part of the names before their first dot.</summary>
    public required IReadOnlyList<NetDescription> Nets { get; init; }

    /// <summary>What the file says about itself; null for files of other programs.</summary>
    public WeightsCard? Card { get; init; }

    /// <summary>Reads a file's header.</summary>
    /// <exception cref="InputDataException">Missing, damaged or of another format.</exception>
    public static WeightsDescription Read(string path)
    {
        var header = Safetensors.ReadHeader(path);
        var nets = header.Entries
            .GroupBy(e => e.Name.Split('.')[0])
            .Select(g => new NetDescription(g.Key, g.Count(), g.Sum(Count)))
            .OrderBy(n => n.Name, StringComparer.Ordinal);
        return new WeightsDescription
        {
            Path = path,
            Tensors = header.Entries.Count,
            Numbers = header.Entries.Sum(Count),
            Nets = [.. nets],
            Card = WeightsFile.FindCard(path, header.Metadata),
        };
    }

    private static long Count(SafetensorsEntry entry) => entry.Shape.Aggregate(1L, (product, size) => product * size);
}

/// <summary>A net in a weights file.</summary>
/// <param name="Name">The part of its tensors' names before their first dot.</param>
/// <param name="Tensors">Its tensors.</param>
/// <param name="Numbers">The numbers in them: parameters, running statistics and counters.</param>
public sealed record NetDescription(string Name, int Tensors, long Numbers);
