using Conjoint.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Conjoint.Tasks.FineTuning;

/// <summary>Stochastic gradient descent with momentum, whose state has names: v ← μ·v + g + λ·w, w ← w − η·v.</summary>
internal sealed class MomentumSgd : IDisposable
{
    private readonly List<(string Name, Parameter Parameter, Tensor Velocity)> _entries = [];
    private readonly double _momentum;
    private readonly double _weightDecay;

    public MomentumSgd(IEnumerable<(string Name, Parameter Parameter)> parameters, double momentum, double weightDecay)
    {
        (_momentum, _weightDecay) = (momentum, weightDecay);
        foreach (var (name, parameter) in parameters)
            _entries.Add((name, parameter, zeros_like(parameter, requires_grad: false).DetachFromDisposeScope()));
    }

    /// <summary>The velocities by parameter name; they stay the optimiser's.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State => _entries.Select(e => KeyValuePair.Create(e.Name, e.Velocity));

    /// <summary>One step; parameters without a gradient, or with rate 0, stay as they are.</summary>
    /// <param name="learningRate">η of a parameter by its name.</param>
    public void Step(Func<string, double> learningRate)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var alike in _entries.Where(e => e.Parameter.grad is not null).GroupBy(e => learningRate(e.Name)).Where(g => g.Key != 0))
        {
            Aten.FusedSgd(
                [.. alike.Select(e => e.Parameter)], [.. alike.Select(e => e.Parameter.grad!)], [.. alike.Select(e => e.Velocity)], _weightDecay, _momentum, alike.Key);
        }
    }

    /// <summary>Takes the velocities of an earlier optimiser of the same parameters.</summary>
    public void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (name, _, velocity) in _entries)
            velocity.copy_(state[name]);
    }

    public void Dispose() => _entries.ForEach(e => e.Velocity.Dispose());
}
