using Conjoint.Training.Optimisation;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The optimiser on fixed gradients: zero parameter, zero and absent gradient, rates that change.</summary>
internal sealed class LarcSgdSteps : IGoldenKind
{
    public string Prefix => "larc_sgd";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        int[] numbers = [.. golden.Names("param").Select(int.Parse).Order()];
        Parameter[] parameters = [.. numbers.Select(n => new Parameter(golden[$"param{n}"]))];
        Tensor[] gradients = [.. numbers.Select(n => golden[$"grad{n}"])];
        using var optimiser = new LarcSgd(
            numbers.Select((n, i) => ($"param{n}", parameters[i])),
            new LarcSgdSettings
            {
                Trust = golden.Number("trust"),
                Clip = golden.Flag("clip"),
                Epsilon = golden.Number("eps"),
                Momentum = golden.Number("momentum"),
                WeightDecay = golden.Number("weight_decay"),
            });

        var after = numbers.Select(_ => new List<Tensor>()).ToArray();
        var rates = golden.Values("lr");
        for (var step = 0; step < rates.Length; step++)
        {
            for (var i = 0; i < parameters.Length; i++)
            {
                var key = $"param{numbers[i]}_no_grad_at_steps";
                var absent = golden.HasKey(key) && golden.Ints(key).Contains(step);
                parameters[i].grad = absent ? null : gradients[i][step].clone();
            }

            optimiser.Step(rates[step]);
            for (var i = 0; i < parameters.Length; i++)
                after[i].Add(parameters[i].detach().clone());
        }

        var momentum = optimiser.StateDict();
        var outputs = new Dictionary<string, Tensor>();
        for (var i = 0; i < numbers.Length; i++)
        {
            outputs[$"param{numbers[i]}_after_each_step"] = stack(after[i]);
            outputs[$"momentum{numbers[i]}"] = momentum.GetValueOrDefault($"param{numbers[i]}") ?? zeros_like(parameters[i]);
        }

        return outputs;
    }
}
