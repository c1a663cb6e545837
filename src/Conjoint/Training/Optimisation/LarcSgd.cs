using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Conjoint.Training.Optimisation;

/// <summary>SGD with momentum; each parameter's step is scaled by the ratio of its own norm to its gradient's (LARC).</summary>
/// <remarks>
/// <para>
/// For parameter p and gradient g: a = trust·‖p‖ / (‖g‖ + decay·‖p‖ + ε), v ← momentum·v + a·(g + decay·p), p ← p − lr·v. Where ‖p‖
/// or ‖g‖ is 0, v takes g as it is, without decay. A parameter without gradient is passed by: no decay, its v stays. A rate of 0
/// still fills v.
/// </para>
/// <para>
/// Source: apex <c>LARC</c> around <c>torch.optim.SGD</c> (You et al. 2017), as SwAV uses it. Norms stay on the device: a step waits for nothing.
/// </para>
/// </remarks>
public sealed class LarcSgd : IDisposable
{
    private readonly LarcSgdSettings _settings;
    private readonly List<(string Name, Parameter Value)> _parameters;
    private readonly Dictionary<string, Tensor> _velocities = [];

    /// <summary>Takes up the parameters; move the module to its device before.</summary>
    /// <param name="parameters">Names, all different, and parameters.</param>
    /// <param name="settings">Momentum, decay and LARC.</param>
    /// <exception cref="ArgumentException">A name occurs twice, or a setting is out of range.</exception>
    public LarcSgd(IEnumerable<(string Name, Parameter Value)> parameters, LarcSgdSettings settings)
    {
        if (settings is not { Trust: > 0, Epsilon: >= 0, Momentum: >= 0 and < 1, WeightDecay: >= 0 })
            throw new ArgumentException($"LarcSgd: {settings} is out of range.", nameof(settings));
        _parameters = [.. parameters];
        if (_parameters.GroupBy(p => p.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"LarcSgd: parameter '{twice.Key}' is given twice.", nameof(parameters));
        _settings = settings;
    }

    /// <summary>Moves every parameter that has a gradient.</summary>
    /// <param name="rate">The learning rate of this step.</param>
    public void Step(double rate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        (string Name, Parameter Value)[] moved = [.. _parameters.Where(p => p.Value.grad is not null)];
        if (moved.Length == 0)
            return;
        var (ofGradient, ofParameter) = LayerRates(moved, rate);
        for (var i = 0; i < moved.Length; i++)
        {
            var (name, parameter) = moved[i];
            if (!_velocities.TryGetValue(name, out var velocity))
                _velocities[name] = velocity = zeros_like(parameter).DetachFromDisposeScope();
            velocity.mul_(_settings.Momentum).addcmul_(parameter.grad!, ofGradient[i], 1).addcmul_(parameter, ofParameter[i], 1);
            parameter.add_(velocity, -rate);
        }
    }

    /// <summary>Clears every parameter's gradient, so that one not reached by the next backward pass is passed by.</summary>
    public void ZeroGradients()
    {
        foreach (var (_, parameter) in _parameters)
            parameter.grad = null;
    }

    /// <summary>v of every parameter that was moved, by its name; copies that the caller owns.</summary>
    public IReadOnlyDictionary<string, Tensor> StateDict()
    {
        var state = new OrderedDictionary<string, Tensor>();
        foreach (var (name, _) in _parameters)
        {
            if (_velocities.TryGetValue(name, out var velocity))
                state.Add(name, velocity.clone());
        }

        return state;
    }

    /// <summary>Takes up the momentum that <see cref="StateDict"/> gave; parameters that it does not name start anew.</summary>
    /// <exception cref="ArgumentException">A name is not among the parameters, or its shape differs.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        using var noGradient = no_grad();
        var parameters = _parameters.ToDictionary(p => p.Name, p => p.Value);
        foreach (var (name, saved) in state)
        {
            if (!parameters.TryGetValue(name, out var parameter) || !parameter.shape.AsSpan().SequenceEqual(saved.shape))
                throw new ArgumentException($"LarcSgd: the saved momentum '{name}' [{string.Join(", ", saved.shape)}] belongs to no parameter of that name and shape.", nameof(state));
        }

        Dispose();
        foreach (var (name, saved) in state)
        {
            using var scope = NewDisposeScope();
            var velocity = zeros_like(parameters[name]);
            velocity.copy_(saved);
            _velocities[name] = velocity.DetachFromDisposeScope();
        }
    }

    /// <summary>Frees the momentum.</summary>
    public void Dispose()
    {
        foreach (var velocity in _velocities.Values)
            velocity.Dispose();
        _velocities.Clear();
    }

    /// <summary>a and a·decay of every parameter [P], on the device: one vector, since a step has thousands of scalar operations otherwise.</summary>
    private (Tensor OfGradient, Tensor OfParameter) LayerRates((string Name, Parameter Value)[] moved, double rate)
    {
        var parameterNorm = stack([.. moved.Select(p => linalg.vector_norm(p.Value, 2, null, keepdim: false))]);
        var gradientNorm = stack([.. moved.Select(p => linalg.vector_norm(p.Value.grad!, 2, null, keepdim: false))]);
        var larc = parameterNorm * _settings.Trust / (gradientNorm + parameterNorm * _settings.WeightDecay + _settings.Epsilon);
        if (_settings.Clip)
            larc = (larc / rate).clamp(max: 1);
        var applies = (parameterNorm > 0).logical_and(gradientNorm > 0);
        return (where(applies, larc, ones_like(larc)), where(applies, larc * _settings.WeightDecay, zeros_like(larc)));
    }
}
