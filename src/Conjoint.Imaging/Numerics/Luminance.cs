namespace Conjoint.Imaging;

/// <summary>Colours to grey: ITU-R BT.601, luma = 0.299 R + 0.587 G + 0.114 B.</summary>
internal static class Luminance
{
    /// <summary>The luminance of a colour, in its scale; equal parts give exactly their value.</summary>
    public static float Of(float red, float green, float blue) =>
        // Differences from green, so that a grey stored as RGB comes out exact.
        green + 0.299f * (red - green) + 0.114f * (blue - green);
}
