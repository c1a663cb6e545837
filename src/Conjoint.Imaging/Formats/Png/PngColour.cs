namespace Conjoint.Imaging;

/// <summary>The colour types of the IHDR chunk, with their codes.</summary>
internal enum PngColour
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    RgbAlpha = 6,
}
