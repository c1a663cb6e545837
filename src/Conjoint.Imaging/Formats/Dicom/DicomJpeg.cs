using JpegLibrary;

namespace Conjoint.Imaging;

/// <summary>Decodes JPEG: baseline, extended with 12 bits and progressive with JpegLibrary, lossless by <see cref="DicomLosslessJpeg"/>.</summary>
internal static class DicomJpeg
{
    // The least a block of 8×8 pixels takes is about one bit; this leaves room for subsampled colours and long runs of empty blocks.
    private const int MaxPixelsPerByte = 2048;

    /// <summary>Decodes a frame; samples of a pixel lie together, colours as they are coded.</summary>
    /// <exception cref="InvalidDataException">Damaged, or of another size than expected.</exception>
    public static uint[] Decode(byte[] bytes, int width, int height, int samples)
    {
        if ((long)width * height / MaxPixelsPerByte > bytes.Length)
            throw new InvalidDataException($"{bytes.Length} bytes can't hold {width}×{height} pixels");
        try
        {
            var decoder = new JpegDecoder();
            decoder.SetInput(bytes);
            decoder.Identify();
            if (decoder.Width != width || decoder.Height != height || decoder.NumberOfComponents != samples)
            {
                throw new InvalidDataException(
                    $"it has {decoder.Width}×{decoder.Height} pixels of {decoder.NumberOfComponents} samples where {width}×{height} of {samples} are declared");
            }

            if (decoder.StartOfFrame == JpegMarker.StartOfFrame3)
                return DicomLosslessJpeg.Decode(bytes, width, height, samples);
            var values = new uint[width * height * samples];
            decoder.SetOutputWriter(new Writer(values, width, height, samples, (1 << decoder.Precision) - 1));
            decoder.Decode();
            return values;
        }
        catch (Exception fault) when (fault is not (InvalidDataException or OutOfMemoryException))
        {
            // The library's own checks throw what its arrays and spans throw.
            throw new InvalidDataException("it is damaged", fault);
        }
    }

    /// <param name="values">Receives the samples.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="samples">Samples of a pixel.</param>
    /// <param name="largest">The largest value there is; cosine transforms may overshoot by a little.</param>
    private sealed class Writer(uint[] values, int width, int height, int samples, int largest) : JpegBlockOutputWriter
    {
        private const int Block = 8;

        public override void WriteBlock(ref short blockRef, int componentIndex, int x, int y)
        {
            var block = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref blockRef, Block * Block);
            var (columns, rows) = (Math.Min(Block, width - x), Math.Min(Block, height - y));
            for (var row = 0; row < rows; row++)
            {
                var to = ((y + row) * width + x) * samples + componentIndex;
                for (var column = 0; column < columns; column++, to += samples)
                    values[to] = (uint)Math.Clamp((int)block[row * Block + column], 0, largest);
            }
        }
    }
}
