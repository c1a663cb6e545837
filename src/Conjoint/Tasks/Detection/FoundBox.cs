namespace Conjoint.Tasks.Detection;

/// <summary>A detected box on an image, in pixels of the stored image: x along a row, y down the rows, corners at pixel edges.</summary>
/// <param name="Class">The class's name.</param>
/// <param name="X1">Left edge.</param>
/// <param name="Y1">Upper edge.</param>
/// <param name="X2">Right edge.</param>
/// <param name="Y2">Lower edge.</param>
/// <param name="Score">Its probability, in [0, 1].</param>
public sealed record FoundBox(string Class, double X1, double Y1, double X2, double Y2, double Score);
