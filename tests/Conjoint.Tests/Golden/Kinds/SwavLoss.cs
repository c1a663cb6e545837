using Conjoint.Nets;
using Conjoint.Objectives;
using Conjoint.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>SwAV's loss over several iterations, with and without a queue.</summary>
internal sealed class SwavLoss : IGoldenKind
{
    public string Prefix => "swav_loss";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var raw = golden["raw"];                                                            // [iterations, crops, B, d]
        var (batch, width) = (golden.Int("batch"), golden.Int("d"));
        var settings = SwavCase.Settings(golden);
        var assigned = settings.AssignedCrops;
        Assert.Equal(golden.Ints("nmb_crops").Sum(), raw.shape[1]);
        Assert.Equal(golden.Int("iterations"), raw.shape[0]);
        var prototypes = new Prototypes([golden.Int("K")], width);
        prototypes.to(golden.Type);
        prototypes.SetCentroids(0, golden["prototypes"]);
        prototypes.Normalize();
        var objective = new SwappedPrediction(settings, SingleProcess.Instance);
        var length = golden.Int("queue_length");
        using var queue = length > 0 ? new EmbeddingQueue(assigned.Count, length, width, golden.Type) : null;

        var collected = new Dictionary<string, List<Tensor>>();
        void Collect(string name, Tensor value)
        {
            if (!collected.TryGetValue(name, out var list))
                collected[name] = list = [];
            list.Add(value);
        }

        for (var iteration = 0; iteration < raw.shape[0]; iteration++)
        {
            prototypes.zero_grad(set_to_none: true);
            var x = raw[iteration].clone().requires_grad_();                                // [crops, B, d]
            var z = nn.functional.normalize(x.reshape(-1, width), p: 2, dim: 1);
            var all = prototypes.forward(z)[0];
            all.retain_grad();
            var crops = all.split(batch, 0);
            IReadOnlyList<IReadOnlyList<Tensor>>? queued = null;
            if (queue is { IsFull: true })
            {
                using (no_grad())
                    queued = [.. assigned.Select((_, a) => prototypes.forward(queue.Rows(a)))];
            }

            var (loss, codes) = objective.Loss([.. crops.Select(c => new[] { c })], queued);
            loss.backward();
            queue?.Push([.. assigned.Select(crop => z.detach().narrow(0, crop * batch, batch))]);

            Collect("loss", loss);
            Collect("q", codes[0]);
            Collect("scores", stack(crops));
            Collect("grad.scores", stack(all.grad!.split(batch, 0)));
            Collect("grad.prototypes", prototypes.get_parameter("prototypes0.weight")!.grad!.clone());
            Collect("grad.raw", x.grad!);
        }

        var outputs = collected.ToDictionary(pair => pair.Key, pair => stack(pair.Value));
        outputs["prototypes_normalized"] = prototypes.get_parameter("prototypes0.weight")!;
        if (queue is not null)
            outputs["queue_final"] = stack([.. assigned.Select((_, a) => queue.Rows(a))]);
        return outputs;
    }
}
