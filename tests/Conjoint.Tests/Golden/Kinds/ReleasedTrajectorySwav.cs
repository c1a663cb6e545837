using Conjoint.Objectives;
using Conjoint.Runtime;
using Conjoint.Training.Optimisation;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Steps of the released volume stage with SwAV, with and without a queue; the gradient's norm is bounded.</summary>
internal sealed class ReleasedTrajectorySwav : IGoldenKind
{
    private const int Views = 2;

    public string Prefix => "trajectory_stage3_swav";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        using var trajectory = new ReleasedTrajectory(golden, [golden.Int("K")]);
        var objective = new SwappedPrediction(SwavCase.Settings(golden), SingleProcess.Instance);
        using var queue = golden.Int("queue_length") > 0 ? new EmbeddingQueue(Views, golden.Int("queue_length"), golden.Int("d_model"), golden.Type) : null;
        var (rates, frozen, losses) = (golden.Values("lr"), golden.Int("freeze_prototypes_niters"), new List<Tensor>());
        Assert.Equal(golden.Int("iterations"), rates.Length);
        for (var step = 0; step < rates.Length; step++)
        {
            using var scope = NewDisposeScope();
            var prototypes = trajectory.Prototypes;
            prototypes.Normalize();
            var embeddings = trajectory.Embed(cat([trajectory.View(0, step), trajectory.View(1, step)], 0)).chunk(Views, 0);    // by view [B, d]
            IReadOnlyList<IReadOnlyList<Tensor>>? queued = null;
            if (queue is { IsFull: true })
            {
                using var noGradient = no_grad();
                queued = [.. Enumerable.Range(0, Views).Select(v => prototypes.forward(queue.Rows(v)))];
            }

            var (loss, _) = objective.Loss([.. embeddings.Select(z => prototypes.forward(z))], queued);
            queue?.Push([.. embeddings.Select(z => z.detach())]);
            trajectory.Optimiser.ZeroGradients();
            loss.backward();
            if (step < frozen)
                prototypes.DropGradients();
            if (golden.HasKey("clip_grad_norm"))
                GradientNorm.Clip(trajectory.Parameters(), golden.Number("clip_grad_norm"));
            trajectory.Optimiser.Step(rates[step]);
            losses.Add(loss.detach().MoveToOuterDisposeScope());
        }

        var outputs = new Dictionary<string, Tensor>
        {
            ["loss"] = stack(losses),
            ["final.prototypes"] = trajectory.Prototypes.get_parameter("prototypes0.weight")!,
        };
        if (queue is not null)
            outputs["queue_final"] = stack(Enumerable.Range(0, Views).Select(v => queue.Rows(v).clone()));
        trajectory.AddFinal(outputs);
        return outputs;
    }
}
