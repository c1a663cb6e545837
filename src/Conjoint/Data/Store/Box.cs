namespace Conjoint.Data;

/// <summary>A labelled rectangle on an image, in pixels of the stored image: x along a row, y down the rows, corners at pixel edges.</summary>
/// <param name="X1">Left edge; at least 0.</param>
/// <param name="Y1">Upper edge; at least 0.</param>
/// <param name="X2">Right edge; above <paramref name="X1"/>, at most the width.</param>
/// <param name="Y2">Lower edge; above <paramref name="Y1"/>, at most the height.</param>
/// <param name="Class">Name of the class; one of <see cref="PreparedStore.BoxClasses"/>.</param>
public sealed record Box(double X1, double Y1, double X2, double Y2, string Class);
