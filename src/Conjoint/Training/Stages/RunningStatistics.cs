using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>
/// The running means and variances of the nets' norms. Every forward pass in training changes them, also one whose loss turns
/// out not to be finite: then the last good ones are put back, since a NaN would stay in them for ever.
/// </summary>
internal sealed class RunningStatistics : IDisposable
{
    private readonly List<(Tensor Live, Tensor Kept)> _buffers;

    public RunningStatistics(IEnumerable<nn.Module> nets)
    {
        using var noGradient = no_grad();
        _buffers = [.. nets.SelectMany(net => net.named_buffers()).Select(b => (b.buffer, b.buffer.clone().DetachFromDisposeScope()))];
    }

    /// <summary>Takes them as good.</summary>
    public void Keep()
    {
        using var noGradient = no_grad();
        foreach (var (live, kept) in _buffers)
            kept.copy_(live);
    }

    /// <summary>Puts back those that were last good.</summary>
    public void Restore()
    {
        using var noGradient = no_grad();
        foreach (var (live, kept) in _buffers)
            live.copy_(kept);
    }

    public void Dispose() => _buffers.ForEach(b => b.Kept.Dispose());
}
