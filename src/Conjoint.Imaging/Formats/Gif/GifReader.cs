using SkiaSharp;

namespace Conjoint.Imaging;

/// <summary>Decodes the first frame of GIF files with SkiaSharp.</summary>
internal static class GifReader
{
    private const int Channels = 4;

    /// <summary>One value a pixel, 0 to 255, colours of the palette as luminance; what the frame leaves transparent is 0.</summary>
    /// <exception cref="InputDataException">The file is damaged.</exception>
    public static Image ReadLuminance(string path)
    {
        var header = GifHeader.Read(path);
        using var data = Load(path);
        using var codec = SKCodec.Create(data);
        if (codec is null || (codec.Info.Width, codec.Info.Height) != (header.Width, header.Height))
            throw new InputDataException(path, "is a damaged GIF file: its tables or headers cannot be read");

        var info = new SKImageInfo(header.Width, header.Height, SKColorType.Rgba8888, SKAlphaType.Premul);
        if (info.BytesSize64 > ImagingLimits.MaxArrayBytes)
            throw new InputDataException(path, $"takes {info.BytesSize64} bytes when decoded; at most {ImagingLimits.MaxArrayBytes} can be read");
        var bytes = new byte[info.BytesSize];
        var result = Decode(codec, info, bytes);
        if (result != SKCodecResult.Success)
        {
            throw new InputDataException(path, result == SKCodecResult.IncompleteInput
                ? "is truncated: the GIF file ends before its last pixels"
                : $"is a damaged GIF file: its pixels cannot be decoded ({result})");
        }

        var pixels = new float[header.Width * header.Height];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = Luminance.Of(bytes[Channels * i], bytes[Channels * i + 1], bytes[Channels * i + 2]);
        return new Image(pixels, header.Width, header.Height);
    }

    private static unsafe SKCodecResult Decode(SKCodec codec, SKImageInfo info, byte[] bytes)
    {
        fixed (byte* first = bytes)
            return codec.GetPixels(info, (IntPtr)first);
    }

    private static SKData Load(string path)
    {
        using var stream = InputFile.Open(path);
        if (stream.Length > ImagingLimits.MaxArrayBytes)
            throw new InputDataException(path, $"has {stream.Length} bytes; a GIF file of at most {ImagingLimits.MaxArrayBytes} can be read");
        var bytes = new byte[stream.Length];
        InputFile.ReadExactly(stream, bytes, path);
        return SKData.CreateCopy(bytes);
    }
}
