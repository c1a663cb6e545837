using Conjoint.Data.Augmentation;
using Conjoint.Objectives;
using Conjoint.Runtime;
using Conjoint.Training.Clustering;
using Conjoint.Training.Settings;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Training.Clustering;

/// <summary>Which head clusters what, and what its crops predict.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class DeepClusterClusteringTests : IDisposable
{
    private const int Width = 5, Rows = 12, Seed = 7;

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static DeepClusterClustering Make(int[] counts, int[] assigned, int samples = Rows)
    {
        manual_seed(1);
        return new DeepClusterClustering(
            new ClusteringSettings { KMeansIterations = 3 }, new PrototypeSettings(), counts, Width, assigned, samples, Rows, 1, Seed, CPU, SingleProcess.Instance);
    }

    private static Tensor[] Crops(int crops) => [.. Enumerable.Range(0, crops).Select(c => Noise.UnitRows(c, Rows, Width).to(ScalarType.Float32))];

    [Theory]
    [InlineData(new[] { 0, 1 })]
    [InlineData(new[] { 2, 0 })]
    public void Head_h_clusters_the_bank_of_assigned_crop_h_mod_their_number(int[] assigned)
    {
        int[] counts = [4, 3, 2];
        using var clustering = Make(counts, assigned);
        var crops = Crops(3);
        long[] indices = [.. Enumerable.Range(0, Rows).Select(i => (long)(i * 5 % Rows))];
        Assert.True(clustering.Remember(crops, indices, 0));
        clustering.BeginEpoch(2);

        var kMeans = new SphericalKMeans(new SphericalKMeansSettings { Iterations = 3 }, SingleProcess.Instance);
        for (var h = 0; h < counts.Length; h++)
        {
            var bank = crops[assigned[h % assigned.Length]];
            var start = kMeans.Start(bank, SphericalKMeans.DrawRows(Rows, counts[h], RandomStream.For(Seed, 2, h).NextInt));
            var (centroids, assignments) = kMeans.Cluster(bank, start);
            Assert.True(clustering.Prototypes.get_parameter($"prototypes{h}.weight")!.allclose(centroids, rtol: 0, atol: 1e-6));
            var targets = clustering.StateDict()["targets"][h];
            Assert.All(Enumerable.Range(0, Rows), row => Assert.Equal(assignments[row].item<long>(), targets[indices[row]].item<long>()));
        }
    }

    [Fact]
    public void Samples_that_the_last_epoch_left_out_have_nothing_to_predict()
    {
        using var clustering = Make([3], [0], samples: Rows + 4);
        var crops = Crops(2);
        clustering.Remember(crops, [.. Enumerable.Range(0, Rows).Select(i => (long)i)], 0);
        clustering.BeginEpoch(0);
        long[] left = [Rows, Rows + 1, Rows + 2, Rows + 3];
        Assert.All(left, i => Assert.Equal(MemoryBank.Ignored, clustering.StateDict()["targets"][0][i].item<long>()));
        var step = clustering.Step([.. crops.Select(c => c.narrow(0, 0, 4))], left, 0, 0);
        Assert.Equal(0, step.Loss.item<float>());
        Assert.Equal(0, step.Usage[0].sum().item<float>());
    }

    [Fact]
    public void Fewer_different_samples_than_clusters_leave_clusters_empty_and_numbers_finite()
    {
        using var clustering = Make([5], [0, 1]);
        // Two points, six times each: at least three of five clusters stay empty, and ties go to the lower index.
        var two = Noise.UnitRows(3, 2, Width).to(ScalarType.Float32);
        var crop = two.repeat(Rows / 2, 1);
        clustering.Remember([crop, crop], [.. Enumerable.Range(0, Rows).Select(i => (long)i)], 0);
        clustering.BeginEpoch(0);
        var targets = clustering.StateDict()["targets"][0].data<long>().ToArray();
        Assert.Equal(2, targets.Distinct().Count());
        Assert.All(targets, (t, i) => Assert.Equal(targets[i % 2], t));
        var weight = clustering.Prototypes.get_parameter("prototypes0.weight")!;
        Assert.True(linalg.vector_norm(weight, 2, [1], keepdim: false).allclose(ones(5), rtol: 0, atol: 1e-5));
        Assert.True(float.IsFinite(clustering.Step([crop, crop], [.. Enumerable.Range(0, Rows).Select(i => (long)i)], 0, 0).Loss.item<float>()));
    }
}
