using System.Text.Json;
using Conjoint.Training.Optimisation;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The rate of every step of a training.</summary>
internal sealed class LearningRateSchedule : IGoldenKind
{
    public string Prefix => "lr_schedule";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var fields = JsonSerializer.Deserialize<string[]>(golden.Text("config_fields"))!;
        var outputs = new Dictionary<string, Tensor>();
        foreach (var number in golden.Names("out.config"))
        {
            var values = golden.Values("out.config" + number);
            double Field(string name) => values[Array.IndexOf(fields, name)];

            var steps = (long)Field("iterations_per_epoch");
            var schedule = new WarmupCosineSchedule(
                Rounded(Field("base_lr")), steps * (long)Field("epochs"), steps * (long)Field("warmup_epochs"), Rounded(Field("final_lr")), Rounded(Field("start_warmup")));
            outputs["config" + number] = tensor(values);
            outputs["lr" + number] = tensor([.. Enumerable.Range(0, (int)schedule.TotalSteps).Select(step => schedule.Rate(step))], ScalarType.Float64);
        }

        return outputs;
    }

    /// <summary>The decimal number that was stored in single precision.</summary>
    private static double Rounded(double stored) => (double)(decimal)(float)stored;
}
