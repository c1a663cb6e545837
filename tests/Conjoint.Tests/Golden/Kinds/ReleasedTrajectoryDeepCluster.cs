using Conjoint.Objectives;
using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Epochs of the released volume stage with DeepCluster-v2: the bank is filled in training mode, one view at a time.</summary>
internal sealed class ReleasedTrajectoryDeepCluster : IGoldenKind
{
    private const int Views = 2;

    public string Prefix => "trajectory_stage3_deepcluster";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var (counts, size, perEpoch) = (golden.Ints("K"), golden.Int("batch"), golden.Int("batches_per_epoch"));
        using var trajectory = new ReleasedTrajectory(golden, counts);
        Tensor[] views = [trajectory.View(0, 0), trajectory.View(1, 0)];                    // [volumes, N, 3, H, W] each
        var volumes = (int)views[0].shape[0];
        using var bank = new MemoryBank(Views, size * perEpoch, golden.Int("d_model"), golden.Type);
        var kMeans = new SphericalKMeans(new SphericalKMeansSettings(), SingleProcess.Instance);
        var objective = new ClusterPrediction(temperature: 0.1);
        var (rates, order, frozen) = (golden.Values("lr"), golden["epoch_order"], golden.Int("freeze_prototypes_niters"));

        long[] Batch(int epoch, int batch) => order[epoch].narrow(0, batch * size, size).data<long>().ToArray();
        Tensor Take(int view, long[] indices) => views[view].index_select(0, tensor(indices, ScalarType.Int64));

        var outputs = new Dictionary<string, Tensor>();
        for (var batch = 0; batch < perEpoch; batch++)
        {
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            var indices = Batch(0, batch);
            bank.Store(batch * size, indices, [trajectory.Embed(Take(0, indices)), trajectory.Embed(Take(1, indices))]);
        }

        outputs["memory_init"] = stack(Enumerable.Range(0, Views).Select(v => bank.Embeddings(v).clone()));
        var (losses, assigned, step) = (new List<Tensor>(), new List<Tensor>(), 0);
        for (var epoch = 0; epoch < golden.Int("epochs"); epoch++)
        {
            var targets = new List<Tensor>();                                               // by head [volumes]
            for (var head = 0; head < counts.Length; head++)
            {
                var embeddings = bank.Embeddings(head % Views);
                var (centroids, clusters) = kMeans.Cluster(embeddings, kMeans.Start(embeddings, golden["init_rows"][epoch][head].data<long>().ToArray()));
                trajectory.Prototypes.SetCentroids(head, centroids);
                targets.Add(bank.Targets(clusters, volumes, SingleProcess.Instance));
            }

            assigned.Add(stack(targets));
            for (var batch = 0; batch < perEpoch; batch++, step++)
            {
                using var scope = NewDisposeScope();
                var indices = Batch(epoch, batch);
                var embeddings = trajectory.Embed(cat([Take(0, indices), Take(1, indices)], 0)).chunk(Views, 0);
                Tensor[] wanted = [.. targets.Select(t => t.index_select(0, tensor(indices, ScalarType.Int64)))];
                var loss = objective.Loss([.. embeddings.Select(z => trajectory.Prototypes.forward(z))], wanted);
                trajectory.Optimiser.ZeroGradients();
                loss.backward();
                if (step < frozen)
                    trajectory.Prototypes.DropGradients();
                trajectory.Optimiser.Step(rates[step]);
                bank.Store(batch * size, indices, [.. embeddings.Select(z => z.detach())]);
                losses.Add(loss.detach().MoveToOuterDisposeScope());
            }
        }

        outputs["loss"] = stack(losses);
        outputs["assignments"] = stack(assigned);
        outputs["memory_index_final"] = bank.StateDict()["memory_index"];
        outputs["memory_final"] = stack(Enumerable.Range(0, Views).Select(v => bank.Embeddings(v)));
        for (var head = 0; head < counts.Length; head++)
            outputs[$"final.prototypes{head}"] = trajectory.Prototypes.get_parameter($"prototypes{head}.weight")!;
        trajectory.AddFinal(outputs);
        return outputs;
    }
}
