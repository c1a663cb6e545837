using System.Buffers;
using SkiaSharp;

namespace Conjoint.Imaging;

/// <summary>Decodes JPEG files with SkiaSharp (libjpeg-turbo).</summary>
internal static class JpegReader
{
    /// <summary>One value a pixel, 0 to 255: grey as stored, colours as luminance. Turned as its orientation tag says.</summary>
    public static Image ReadLuminance(string path)
    {
        var header = JpegHeaderReader.Read(path);
        var isGrey = header.Components == 1;
        var pixels = new float[header.Width * header.Height];
        Decode(path, header, isGrey ? SKColorType.Gray8 : SKColorType.Rgba8888, bytes =>
        {
            if (isGrey)
            {
                ElementConversion.ToSingle(bytes, ElementType.UInt8, pixels);
                return;
            }

            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = Luminance.Of(bytes[4 * i], bytes[4 * i + 1], bytes[4 * i + 2]);
        });
        return ExifOrientation.Turn(pixels, header.Width, header.Height, header.Orientation);
    }

    /// <summary>Hands every sample over: grey, or red, green and blue of each pixel.</summary>
    public static void Scan(string path, ValueVisitor visitor)
    {
        var header = JpegHeaderReader.Read(path);
        var isGrey = header.Components == 1;
        Decode(path, header, isGrey ? SKColorType.Gray8 : SKColorType.Rgba8888, bytes =>
        {
            int step = isGrey ? 1 : 4, samples = isGrey ? 1 : 3;
            var values = new double[header.Width * samples];
            for (var row = 0; row < header.Height; row++)
            {
                var line = bytes.Slice(row * header.Width * step, header.Width * step);
                for (var i = 0; i < values.Length; i++)
                    values[i] = line[i / samples * step + i % samples];
                visitor(values);
            }
        });
    }

    private delegate void BytesAction(ReadOnlySpan<byte> bytes);

    private static unsafe void Decode(string path, JpegHeader header, SKColorType colour, BytesAction action)
    {
        using var data = Load(path);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.Info.Width != header.Width || codec.Info.Height != header.Height)
            throw new InputDataException(path, "is a damaged JPEG file: its tables or headers cannot be read");

        var info = new SKImageInfo(header.Width, header.Height, colour, SKAlphaType.Opaque);
        if (info.BytesSize64 > ImagingLimits.MaxArrayBytes)
            throw new InputDataException(path, $"takes {info.BytesSize64} bytes when decoded; at most {ImagingLimits.MaxArrayBytes} can be read");
        var bytes = ArrayPool<byte>.Shared.Rent(info.BytesSize);
        try
        {
            SKCodecResult result;
            fixed (byte* first = bytes)
                result = codec.GetPixels(info, (IntPtr)first);
            if (result != SKCodecResult.Success)
            {
                throw new InputDataException(path, result == SKCodecResult.IncompleteInput
                    ? "is truncated: the JPEG file ends before its last pixels"
                    : $"is a damaged JPEG file: its pixels cannot be decoded ({result})");
            }

            action(bytes.AsSpan(0, info.BytesSize));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static SKData Load(string path)
    {
        using var stream = InputFile.Open(path);
        if (stream.Length > ImagingLimits.MaxArrayBytes)
            throw new InputDataException(path, $"has {stream.Length} bytes; a JPEG file of at most {ImagingLimits.MaxArrayBytes} can be read");
        var bytes = new byte[stream.Length];
        InputFile.ReadExactly(stream, bytes, path);
        return SKData.CreateCopy(bytes);
    }
}
