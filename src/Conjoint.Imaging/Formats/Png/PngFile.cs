using System.Buffers.Binary;

namespace Conjoint.Imaging;

/// <summary>Writes PNG files: grey of 8 or 16 bits and RGB of 8 bits, without loss.</summary>
public static class PngFile
{
    /// <summary>Writes a grey image.</summary>
    /// <param name="path">The file; replaced when it exists.</param>
    /// <param name="image">Values from 0 to 255 or 65535; rounded to the nearest (ties to even).</param>
    /// <param name="bits">8 or 16.</param>
    /// <exception cref="ArgumentException">A value is outside the range or not finite, or the bits are neither 8 nor 16.</exception>
    public static void Write(string path, Image image, int bits) => File.WriteAllBytes(path, Encode(image, bits));

    /// <summary>Makes the bytes of a file with a grey image.</summary>
    /// <param name="image">Values from 0 to 255 or 65535; rounded to the nearest (ties to even).</param>
    /// <param name="bits">8 or 16.</param>
    /// <exception cref="ArgumentException">A value is outside the range or not finite, or the bits are neither 8 nor 16.</exception>
    public static byte[] Encode(Image image, int bits)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (bits is not (8 or 16))
            throw new ArgumentOutOfRangeException(nameof(bits), bits, "A grey PNG is written with 8 or 16 bits.");

        var largest = (1 << bits) - 1;
        var bytes = new byte[image.Pixels.Length * (bits / 8)];
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            var value = MathF.Round(image.Pixels[i], MidpointRounding.ToEven);
            if (!(value >= 0 && value <= largest))
                throw new ArgumentException($"A pixel of {image.Pixels[i]:g6} doesn't fit into {bits} bits; expected 0 to {largest}.", nameof(image));
            if (bits == 8)
                bytes[i] = (byte)value;
            else
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), (ushort)value);
        }

        return PngWriter.Encode(new PngHeader(image.Width, image.Height, bits, PngColour.Grey, false), bytes);
    }

    /// <summary>Makes the bytes of a file with a grey image of 8 bits.</summary>
    /// <param name="pixels">[height·width], row by row.</param>
    /// <param name="width">Pixels in a row; at least 1.</param>
    /// <param name="height">Rows; at least 1.</param>
    /// <exception cref="ArgumentException">The pixels don't fill the image.</exception>
    public static byte[] EncodeGrey(ReadOnlySpan<byte> pixels, int width, int height) =>
        EncodeBytes(pixels, width, height, PngColour.Grey);

    /// <summary>Makes the bytes of a file with a colour image of 8 bits a sample.</summary>
    /// <param name="pixels">[height·width·3]: red, green, blue, row by row.</param>
    /// <param name="width">Pixels in a row; at least 1.</param>
    /// <param name="height">Rows; at least 1.</param>
    /// <exception cref="ArgumentException">The pixels don't fill the image.</exception>
    public static byte[] EncodeRgb(ReadOnlySpan<byte> pixels, int width, int height) =>
        EncodeBytes(pixels, width, height, PngColour.Rgb);

    private static byte[] EncodeBytes(ReadOnlySpan<byte> pixels, int width, int height, PngColour colour)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var header = new PngHeader(width, height, 8, colour, false);
        if (pixels.Length != (long)width * height * header.Samples)
            throw new ArgumentException($"{pixels.Length} bytes don't fill {width}×{height} pixels of {header.Samples} samples.", nameof(pixels));
        return PngWriter.Encode(header, pixels);
    }
}
