namespace Conjoint.Nets.Detection;

/// <summary>A box that a detector found.</summary>
/// <param name="Image">The image it lies on, by its index in the batch or the set.</param>
/// <param name="Class">Its class, from 0.</param>
/// <param name="Box">Where it is.</param>
/// <param name="Score">How sure the detector is; any scale.</param>
public readonly record struct DetectedBox(int Image, int Class, BoxCorners Box, double Score);
