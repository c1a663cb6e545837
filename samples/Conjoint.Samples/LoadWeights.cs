using Conjoint.Tasks.Embeddings;

namespace Conjoint.LibrarySamples;

/// <summary>Opens weights and says what they are.</summary>
public static class LoadWeights
{
    public static void Run(string weights, TextWriter output)
    {
        using var encoders = Embedder.Open(weights);
        foreach (var report in encoders.Loaded)
            output.WriteLine(report);
        output.WriteLine($"a slice becomes {encoders.SliceWidth} numbers");
        output.WriteLine(encoders.VolumeWidth is { } width ? $"a volume becomes {width} numbers" : "no volume encoder");
    }
}
