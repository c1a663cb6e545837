using Conjoint.Imaging.Jpeg2000;

namespace Conjoint.Imaging;

/// <summary>Decodes JPEG 2000 (ITU-T T.800, part 1): both wavelets, every progression order, every mode of block coding.</summary>
/// <remarks>Not read: regions of interest, changes of progression, packed packet headers, subsampled components.</remarks>
internal static class DicomJpeg2000
{
    private const long OrdinaryPixels = 1 << 22;
    private const long MaxPixelsPerByte = 1 << 13;

    /// <summary>Decodes a frame; samples of a pixel lie together.</summary>
    /// <exception cref="InvalidDataException">Damaged, of another size than expected, or of a kind that isn't read.</exception>
    public static uint[] Decode(byte[] bytes, int width, int height, int samples)
    {
        var stream = Codestream.Parse(bytes);
        if (stream.X1 - stream.X0 != width || stream.Y1 - stream.Y0 != height || stream.Components.Count != samples)
        {
            throw new InvalidDataException(
                $"it has {stream.X1 - stream.X0}×{stream.Y1 - stream.Y0} pixels of {stream.Components.Count} samples where {width}×{height} of {samples} are declared");
        }

        var pixels = (long)width * height;
        if (pixels > OrdinaryPixels && pixels / MaxPixelsPerByte > bytes.Length)
            throw new InvalidDataException($"{bytes.Length} bytes can't hold {width}×{height} pixels");
        if (stream.Tiles.Count != (long)stream.TilesAcross * stream.TilesDown)
            throw new InvalidDataException("it is cut short: tiles are missing");

        var values = new uint[width * height * samples];
        foreach (var tile in stream.Tiles)
            new TileDecoder(stream, tile).Decode(values, width);
        return values;
    }
}
