namespace Conjoint.Tasks;

/// <summary>Reads slices [count, H, W] in [0, 1] from <paramref name="first"/> on.</summary>
/// <param name="first">First slice.</param>
/// <param name="count">How many.</param>
/// <param name="destination">[count·H·W].</param>
public delegate void SliceReader(int first, int count, Span<float> destination);
