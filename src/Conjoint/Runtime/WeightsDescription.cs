using Conjoint.Imaging;
using Conjoint.Runtime.PyTorchFiles;

namespace Conjoint.Runtime;

/// <summary>What a weights file holds, without its numbers.</summary>
public sealed record WeightsDescription
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary><c>safetensors</c>, or <c>pytorch</c> for a checkpoint.</summary>
    public required string Format { get; init; }

    /// <summary>The keys that lead to the tensors inside a checkpoint, such as <c>state_dict</c>; null where they lie at the top.</summary>
    public string? Place { get; init; }

    /// <summary>Tensors in it.</summary>
    public required int Tensors { get; init; }

    /// <summary>Numbers in them.</summary>
    public required long Numbers { get; init; }

    /// <summary>The same by net: the part of the names before their first dot, without data-parallel training's <c>module.</c></summary>
    public required IReadOnlyList<NetDescription> Nets { get; init; }

    /// <summary>What the file says about itself; null for files of other programs.</summary>
    public WeightsCard? Card { get; init; }

    /// <summary>What wrote a file that has no card, as far as the names in it tell; null with a card, and where they don't.</summary>
    public string? Origin { get; init; }

    /// <summary>Reads a file without its numbers; nothing in it is executed.</summary>
    /// <exception cref="InputDataException">Missing, damaged or of another format.</exception>
    public static WeightsDescription Read(string path)
    {
        if (WeightsFormats.Of(path) == WeightsFormat.Safetensors)
        {
            var header = Safetensors.ReadHeader(path);
            return Describe(path, "safetensors", header.Entries.Select(e => (e.Name, e.Shape)), WeightsFile.FindCard(path, header.Metadata));
        }

        var checkpoint = PyTorchHeader.Read(path);
        var described = Describe(path, "pytorch", checkpoint.Entries.Select(e => (e.Name, e.Shape)), WeightsFile.ParseCard(path, checkpoint.Card));
        return described with { Place = checkpoint.Place is "" ? null : checkpoint.Place };
    }

    private static WeightsDescription Describe(string path, string format, IEnumerable<(string Name, IReadOnlyList<long> Shape)> entries, WeightsCard? card)
    {
        var tensors = entries.ToList();
        var nets = tensors
            .GroupBy(t => WeightsOrigin.WithoutParallel(t.Name).Split('.')[0], t => t.Shape.Aggregate(1L, (product, size) => product * size))
            .Select(g => new NetDescription(g.Key, g.Count(), g.Sum()))
            .OrderBy(n => n.Name, StringComparer.Ordinal)
            .ToList();
        return new WeightsDescription
        {
            Path = path,
            Format = format,
            Tensors = nets.Sum(n => n.Tensors),
            Numbers = nets.Sum(n => n.Numbers),
            Nets = nets,
            Card = card,
            Origin = card is null ? WeightsOrigin.Of(tensors.Select(t => t.Name)) : null,
        };
    }
}

/// <summary>A net in a weights file.</summary>
/// <param name="Name">The part of its tensors' names before their first dot, without <c>module.</c></param>
/// <param name="Tensors">Its tensors.</param>
/// <param name="Numbers">The numbers in them: parameters, running statistics and counters.</param>
public sealed record NetDescription(string Name, int Tensors, long Numbers);
