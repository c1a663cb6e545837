using Conjoint.Tasks.Embeddings;

namespace Conjoint.LibrarySamples;

/// <summary>Finds those scans of a folder that are most like another.</summary>
public static class SimilarCases
{
    public static void Run(string weights, string folder, string scan, TextWriter output)
    {
        var index = new SimilarityIndex(ScanEmbedding.Embed(weights, [folder]));
        var query = ScanEmbedding.Embed(weights, [scan]).Vector(0);
        foreach (var found in index.Nearest(query, count: 5))
            output.WriteLine($"{found.Similarity:0.000}  {found.Row.Source}");
    }
}
