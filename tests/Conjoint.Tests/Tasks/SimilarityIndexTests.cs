using Conjoint.Tasks.Embeddings;
using FsCheck.Xunit;

namespace Conjoint.Tests.Tasks;

public class SimilarityIndexTests
{
    /// <summary>Against the definition, computed from the angle between the vectors.</summary>
    [Property(MaxTest = 100)]
    public void The_nearest_are_those_of_the_smallest_angle(int seed)
    {
        var random = new Random(seed);
        var (rows, width, count) = (1 + random.Next(30), 1 + random.Next(8), 1 + random.Next(40));
        float[] values = [.. Enumerable.Range(0, rows * width).Select(_ => (float)(random.NextDouble() - 0.5))];
        float[] query = [.. Enumerable.Range(0, width).Select(_ => (float)(random.NextDouble() + 0.01))];
        double Cosine(int row)
        {
            var vector = values[(row * width)..((row + 1) * width)].Select(v => (double)v).ToArray();
            var length = Math.Sqrt(vector.Sum(v => v * v)) * Math.Sqrt(query.Sum(v => (double)v * v));
            return vector.Zip(query, (a, b) => a * b).Sum() / length;
        }

        var found = new SimilarityIndex(Vectors(values, rows)).Nearest(query, count);
        Assert.Equal(Math.Min(rows, count), found.Count);
        Assert.Equal(Enumerable.Range(0, rows).Select(Cosine).OrderDescending().Take(count), found.Select(f => f.Similarity), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.All(found, f => Assert.Equal(Cosine(f.Row.Slice!.Value), f.Similarity, 1e-12));
    }

    [Fact]
    public void Length_does_not_count_and_equal_cases_keep_their_order() => Assert.Equal(
        [0, 2, 1],
        new SimilarityIndex(Vectors([1, 0, 0, 1, 100, 0], 3)).Nearest([3, 0], 3).Select(f => f.Row.Slice!.Value));

    [Fact]
    public void A_vector_of_zeros_is_like_nothing_and_can_not_be_asked_for()
    {
        var index = new SimilarityIndex(Vectors([0, 0, -1, 0], 2));
        Assert.Equal([0.0, -1.0], index.Nearest([1, 0], 2).Select(f => f.Similarity));
        Assert.Throws<ArgumentException>(() => index.Nearest([0, 0], 1));
        Assert.Throws<ArgumentException>(() => index.Nearest([float.NaN, 0], 1));
        Assert.Throws<ArgumentException>(() => index.Nearest([1, 0, 0], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Nearest([1, 0], 0));
    }

    private static ScanVectors Vectors(float[] values, int rows) =>
        new(new EmbeddingTable(EmbeddingLevel.Slice, values.Length / rows, [.. Enumerable.Range(0, rows).Select(n => new EmbeddingRow("case", "case", n))]), values);
}
