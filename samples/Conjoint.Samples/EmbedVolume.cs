using Conjoint.Tasks.Embeddings;

namespace Conjoint.LibrarySamples;

/// <summary>Turns a volume into one vector, and each of its slices into another.</summary>
public static class EmbedVolume
{
    public static void Run(string weights, string scan, TextWriter output)
    {
        var volume = ScanEmbedding.Embed(weights, [scan]);
        output.WriteLine($"{volume.Table.Rows[0].Source}: {string.Join(", ", volume.Vector(0)[..4].ToArray())}, …");

        var slices = ScanEmbedding.Embed(weights, [scan], new EmbedSettings { Level = EmbeddingLevel.Slice });
        output.WriteLine($"{slices.Table.Rows.Count} slices of {slices.Table.Width} numbers");
    }
}
