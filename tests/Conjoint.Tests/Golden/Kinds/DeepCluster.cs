using Conjoint.Objectives;
using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>DeepCluster-v2: memory bank, spherical k-means, targets and loss.</summary>
internal sealed class DeepCluster : IGoldenKind
{
    public string Prefix => "deepcluster";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var counts = golden.Ints("K");
        var crops = golden.Ints("crops_for_assign");
        var memory = golden["memory_embeddings"];                                           // [A, R, d]
        using var bank = new MemoryBank(crops.Length, golden.Int("N"), golden.Int("d"), golden.Type);
        bank.Store(0, golden.Integers("memory_index"), memory.unbind(0));
        var kMeans = new SphericalKMeans(new SphericalKMeansSettings { Iterations = golden.Int("kmeans_iterations") }, SingleProcess.Instance);

        var outputs = new Dictionary<string, Tensor>();
        var (assignments, centroids) = (new List<Tensor>(), new List<Tensor>());
        for (var h = 0; h < counts.Length; h++)
        {
            var embeddings = bank.Embeddings(h % bank.CropCount);
            var rows = golden["init_rows"][h].data<long>().ToArray();
            Assert.Equal(counts[h], rows.Length);
            var (centres, clusters) = kMeans.Cluster(embeddings, kMeans.Start(embeddings, rows));
            centroids.Add(centres.requires_grad_());
            assignments.Add(bank.Targets(clusters, golden.Int("dataset_size"), SingleProcess.Instance));
            outputs[$"centroids{h}"] = centres;
        }

        var batch = golden["batch_index"];
        var raw = golden["raw"].requires_grad_();                                           // [crops·B, d]
        var z = nn.functional.normalize(raw, p: 2, dim: 1);
        Tensor[] scores = [.. centroids.Select(c => nn.functional.linear(z, c))];           // [crops·B, K]
        foreach (var score in scores)
            score.retain_grad();
        Tensor[] targets = [.. assignments.Select(a => a.index_select(0, batch))];
        var copies = (int)(raw.shape[0] / batch.shape[0]);
        var loss = new ClusterPrediction(golden.Number("temperature")).Loss(
            [.. Enumerable.Range(0, copies).Select(crop => scores.Select(s => s.narrow(0, crop * batch.shape[0], batch.shape[0])).ToArray())], targets);
        loss.backward();

        outputs["assignments"] = stack(assignments);
        outputs["targets"] = stack(targets.Select(t => t.repeat(copies)));
        outputs["loss"] = loss;
        outputs["grad.raw"] = raw.grad!;
        for (var h = 0; h < counts.Length; h++)
            outputs[$"grad.scores{h}"] = scores[h].grad!;
        return outputs;
    }
}
