using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Conjoint.Imaging;

/// <summary>Rows of bytes to rows of sample values, and samples to luminance.</summary>
internal static class PngSamples
{
    /// <summary>Unpacks the samples of a row; the bytes of 16-bit samples are swapped in place.</summary>
    public static void Unpack(Span<byte> row, int bitDepth, Span<float> samples)
    {
        switch (bitDepth)
        {
            case 8:
                ElementConversion.ToSingle(row, ElementType.UInt8, samples);
                break;
            case 16:
                var values = MemoryMarshal.Cast<byte, ushort>(row);
                BinaryPrimitives.ReverseEndianness(values, values);
                ElementConversion.ToSingle(row, ElementType.UInt16, samples);
                break;
            default:
                UnpackBits(row, bitDepth, samples);
                break;
        }
    }

    /// <summary>Reduces the samples of each pixel to one value: colours to luminance, opacity left out.</summary>
    public static void ToLuminance(ReadOnlySpan<float> samples, PngHeader header, ReadOnlySpan<float> palette, Span<float> line, string path)
    {
        switch (header.Colour)
        {
            case PngColour.Palette:
                for (var i = 0; i < line.Length; i++)
                {
                    var index = (int)samples[i];
                    if (index >= palette.Length)
                        throw new InputDataException(path, $"is a damaged PNG file: a pixel asks for colour {index} of a palette of {palette.Length}");
                    line[i] = palette[index];
                }

                break;
            case PngColour.GreyAlpha:
                for (var i = 0; i < line.Length; i++)
                    line[i] = samples[2 * i];
                break;
            case PngColour.Rgb or PngColour.RgbAlpha:
                var step = header.Samples;
                for (var i = 0; i < line.Length; i++)
                    line[i] = Luminance.Of(samples[step * i], samples[step * i + 1], samples[step * i + 2]);
                break;
            default:
                samples.CopyTo(line);
                break;
        }
    }

    /// <summary>The luminance of each colour of a palette.</summary>
    public static float[] PaletteLuminance(ReadOnlySpan<byte> palette)
    {
        var luminance = new float[palette.Length / 3];
        for (var i = 0; i < luminance.Length; i++)
            luminance[i] = Luminance.Of(palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]);
        return luminance;
    }

    private static void UnpackBits(ReadOnlySpan<byte> row, int bitDepth, Span<float> samples)
    {
        var perByte = 8 / bitDepth;
        var mask = (1 << bitDepth) - 1;
        for (var i = 0; i < samples.Length; i++)
        {
            var shift = 8 - bitDepth * (i % perByte + 1);
            samples[i] = (row[i / perByte] >> shift) & mask;
        }
    }
}
