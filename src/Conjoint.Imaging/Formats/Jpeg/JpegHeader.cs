namespace Conjoint.Imaging;

/// <summary>The frame header (SOF segment) of a JPEG file.</summary>
/// <remarks>Specification: ITU-T T.81, section B.2.2.</remarks>
/// <param name="Width">Samples in a line.</param>
/// <param name="Height">Lines.</param>
/// <param name="BitDepth">Bits of a sample.</param>
/// <param name="Components">1 grey, 3 colour, 4 print colour.</param>
/// <param name="Process">Number of the SOF marker: 0 baseline, 1 extended, 2 progressive.</param>
/// <param name="Orientation">1 to 8, see <see cref="ExifOrientation"/>.</param>
internal sealed record JpegHeader(int Width, int Height, int BitDepth, int Components, int Process, int Orientation);
