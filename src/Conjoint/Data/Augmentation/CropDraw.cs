namespace Conjoint.Data.Augmentation;

/// <summary>
/// The drawn parameters of one crop; <see cref="MultiCrop.Apply(ReadOnlySpan{float}, int, int, CropDraw, Span{float})"/> gives the same bits for
/// the same draw and slice.
/// </summary>
/// <param name="Size">Height and width of the crop in pixels.</param>
/// <param name="Top">First row of the part of the slice that is shown.</param>
/// <param name="Left">First column of the part.</param>
/// <param name="Height">Rows of the part.</param>
/// <param name="Width">Columns of the part.</param>
/// <param name="IsFlipped">Whether left and right change places.</param>
/// <param name="Brightness">Factor of the brightness; 1 changes nothing.</param>
/// <param name="Contrast">Factor of the contrast about the mean; 1 changes nothing.</param>
/// <param name="IsContrastFirst">Whether the contrast changes before the brightness.</param>
/// <param name="BlurSigma">Standard deviation of the blur in pixels of this crop; 0 for none.</param>
public readonly record struct CropDraw(
    int Size, int Top, int Left, int Height, int Width, bool IsFlipped,
    double Brightness = 1, double Contrast = 1, bool IsContrastFirst = false, double BlurSigma = 0);
