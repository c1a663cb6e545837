using static TorchSharp.torch;

namespace Conjoint.Nets.Detection;

/// <summary>How a box differs from its proposal, as a net predicts it: weighted shifts of the centre and logarithms of the sizes' ratios.</summary>
/// <param name="X">Shift to the right in widths of the proposal.</param>
/// <param name="Y">Shift down in heights of the proposal.</param>
/// <param name="Width">ln(width / proposal's width).</param>
/// <param name="Height">ln(height / proposal's height).</param>
public readonly record struct BoxDelta(double X, double Y, double Width, double Height)
{
    /// <summary>Rows [n, 4] of any floating-point type, on any device.</summary>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    public static BoxDelta[] FromTensor(Tensor rows) => FourColumns.Read(rows, (x, y, w, h) => new BoxDelta(x, y, w, h));

    /// <summary>[n, 4] in float64 on the CPU; the caller's.</summary>
    public static Tensor ToTensor(IReadOnlyCollection<BoxDelta> deltas)
    {
        ArgumentNullException.ThrowIfNull(deltas);
        return FourColumns.Write([.. deltas.Select(d => new[] { d.X, d.Y, d.Width, d.Height })]);
    }
}
