namespace Conjoint.Nets.Detection;

/// <summary>A box on one image of a batch.</summary>
/// <param name="Image">Index of the image in the batch.</param>
/// <param name="Box">In pixels of the image.</param>
public readonly record struct Region(int Image, BoxCorners Box);
