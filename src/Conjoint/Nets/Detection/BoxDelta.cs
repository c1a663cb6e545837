namespace Conjoint.Nets.Detection;

/// <summary>How a box differs from its proposal, as a net predicts it: weighted shifts of the centre and logarithms of the sizes' ratios.</summary>
/// <param name="X">Shift to the right in widths of the proposal.</param>
/// <param name="Y">Shift down in heights of the proposal.</param>
/// <param name="Width">ln(width / proposal's width).</param>
/// <param name="Height">ln(height / proposal's height).</param>
public readonly record struct BoxDelta(double X, double Y, double Width, double Height);
