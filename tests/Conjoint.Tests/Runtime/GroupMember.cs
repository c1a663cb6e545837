using Conjoint.Nets;
using Conjoint.Objectives;
using Conjoint.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Runtime;

/// <summary>The work of one process of a group, and what of it <see cref="ProcessGroupTests"/> starts in processes of their own.</summary>
public static class GroupWork
{
    internal const string Socket = "CONJOINT_TEST_SOCKET", Rank = "CONJOINT_TEST_RANK", WorldSize = "CONJOINT_TEST_WORLD_SIZE", Job = "CONJOINT_TEST_JOB";

    internal const int Samples = 8, Width = 5;

    private static readonly int[] s_counts = [4, 3];

    /// <summary>Codes, clusters, losses and averaged gradients of this process's share of the samples.</summary>
    internal static Dictionary<string, Tensor> Compute(IProcessGroup group)
    {
        var results = new Dictionary<string, Tensor>();
        var raw = Noise.Normal(1, 3, Samples, Width);                                       // three crops
        var queued = Noise.UnitRows(2, 2, 2 * Samples, Width);                              // two assigned crops
        var weight = Noise.Normal(3, Width, Width).requires_grad_();
        using var prototypes = new Prototypes(s_counts, Width);
        prototypes.to(ScalarType.Float64);
        for (var h = 0; h < s_counts.Length; h++)
            prototypes.SetCentroids(h, Noise.UnitRows(4 + h, s_counts[h], Width));
        (string Name, Tensor Value)[] trained = [("weight", weight), .. prototypes.named_parameters().Select(p => (p.name, (Tensor)p.parameter))];

        void Backward(string name, Tensor loss)
        {
            foreach (var (_, value) in trained)
                value.grad = null;
            loss.backward();
            results[$"{name}.loss"] = Mean(group, loss.detach().reshape(1));
            foreach (var (parameter, value) in trained)
                results[$"{name}.grad.{parameter}"] = Mean(group, value.grad!.clone());
        }

        foreach (var codes in Enum.GetValues<CodeAssignment>())
        {
            var objective = new SwappedPrediction(new SwavSettings { Codes = codes }, group);
            var crops = Crops(raw, weight, prototypes, group);
            Tensor[][] queue = [.. Enumerable.Range(0, 2).Select(a => prototypes.forward(Share(queued[a], group)).Select(s => s.detach()).ToArray())];
            foreach (var (name, scores) in new[] { ("alone", null), ("queue", queue) })
            {
                var (loss, q) = objective.Loss(crops, scores);
                results[$"share.codes.{codes}.{name}"] = q[0].transpose(0, 1).contiguous();                 // [B, A, K]
                Backward($"swav.{codes}.{name}", loss);
                crops = Crops(raw, weight, prototypes, group);
            }
        }

        var embeddings = Share(Noise.UnitRows(6, Samples, Width), group);
        var kMeans = new SphericalKMeans(new SphericalKMeansSettings { Iterations = 4 }, group);
        var (centroids, assignments) = kMeans.Cluster(embeddings, kMeans.Start(embeddings, [6, 1, 3]));
        results["centroids"] = centroids;
        results["share.assignments"] = assignments;

        // Sample i is at row i; the last sample of all is in no bank.
        long[] indices = [.. Share(arange(Samples), group).data<long>().ToArray().Where(i => i < Samples - 1)];
        using var bank = new MemoryBank(1, embeddings.shape[0], Width, ScalarType.Float64);
        bank.Store(0, indices, [embeddings.narrow(0, 0, indices.Length)]);
        var targets = bank.Targets(assignments, Samples, group);
        results["targets"] = targets;
        var own = Share(targets, group);
        Backward("deepcluster", new ClusterPrediction(0.1, group).Loss(Crops(raw, weight, prototypes, group), [own, own]));
        return results;
    }

    /// <summary>This process's rows.</summary>
    private static Tensor Share(Tensor rows, IProcessGroup group) => rows.chunk(group.WorldSize, 0)[group.Rank];

    private static IReadOnlyList<IReadOnlyList<Tensor>> Crops(Tensor raw, Tensor weight, Prototypes prototypes, IProcessGroup group) =>
        [.. Enumerable.Range(0, 3).Select(i => prototypes.forward(nn.functional.normalize(mm(Share(raw[i], group), weight), p: 2, dim: 1)))];

    /// <summary>The mean over the processes: of their losses the joined one, of their gradients its gradient.</summary>
    private static Tensor Mean(IProcessGroup group, Tensor tensor)
    {
        group.AllReduceSum(tensor);
        return tensor / group.WorldSize;
    }
}

/// <summary>Runs in a process that <see cref="ProcessGroupTests"/> starts, never with the others.</summary>
public sealed class GroupMember
{
    [Fact(Explicit = true)]
    public void Work()
    {
        string Of(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set");
        var rank = int.Parse(Of(GroupWork.Rank), System.Globalization.CultureInfo.InvariantCulture);
        using var group = LocalProcessGroup.Join(Of(GroupWork.Socket), rank, int.Parse(Of(GroupWork.WorldSize), System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromMinutes(2));
        using var scope = NewDisposeScope();
        if (Of(GroupWork.Job) == "die" && rank == 1)
        {
            group.AllReduceSum(zeros(3));
            System.Diagnostics.Process.GetCurrentProcess().Kill();
        }

        if (Of(GroupWork.Job) == "die")
        {
            group.AllReduceSum(zeros(3));
            var error = Assert.Throws<ProcessGroupException>(() => group.AllReduceSum(zeros(3)));
            File.WriteAllText($"{Of(GroupWork.Socket)}.{rank}", error.Message);
            return;
        }

        var results = GroupWork.Compute(group);
        using var file = File.Create($"{Of(GroupWork.Socket)}.{rank}");
        Safetensors.Write(file, results.OrderBy(r => r.Key, StringComparer.Ordinal), new Dictionary<string, string>());
    }
}
