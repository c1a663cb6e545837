namespace Conjoint.Nets.Detection;

/// <summary>A box that is really there.</summary>
/// <param name="Image">The image it lies on, by its index in the batch or the set.</param>
/// <param name="Class">Its class, from 0.</param>
/// <param name="Box">Where it is.</param>
public readonly record struct TrueBox(int Image, int Class, BoxCorners Box);
