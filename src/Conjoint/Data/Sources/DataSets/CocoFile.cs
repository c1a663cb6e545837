using System.Text.Json;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>What is read of a COCO annotation file; outlines and everything else in it are passed over.</summary>
/// <remarks>Source: https://cocodataset.org/#format-data, "Object Detection".</remarks>
internal sealed record CocoFile
{
    private const long MostBytes = 1L << 30;

    private static readonly JsonSerializerOptions s_options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The images; those without an annotation count as looked at and empty.</summary>
    public IReadOnlyList<Image?>? Images { get; init; }

    /// <summary>A box each.</summary>
    public IReadOnlyList<Annotation?>? Annotations { get; init; }

    /// <summary>The classes.</summary>
    public IReadOnlyList<Category?>? Categories { get; init; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputDataException">It is too large, no JSON, or not COCO's.</exception>
    public static CocoFile Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
                throw new InputDataException(path, $"has more than {MostBytes >> 20} MiB; split it into several files");
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<CocoFile>(stream, s_options) is { Images: not null, Annotations: not null, Categories: not null } file
                ? file
                : throw new InputDataException(path, "has no images, annotations and categories; expected COCO's object detection format");
        }
        catch (JsonException error)
        {
            throw new InputDataException(path, $"is not in COCO's object detection format ({error.Message})", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputDataException(path, $"cannot be read ({error.Message})", error);
        }
    }

    /// <summary>An image: its size in pixels, and whose it is, which COCO itself has no field for.</summary>
    public sealed record Image(long Id, string? FileName, int? Width, int? Height, string? Subject);

    /// <summary>A box: <c>[x, y, width, height]</c> in pixels. A crowd is a region with many that weren't told apart.</summary>
    public sealed record Annotation(long Id, long ImageId, long CategoryId, double[]? Bbox, [property: System.Text.Json.Serialization.JsonPropertyName("iscrowd")] int IsCrowd);

    /// <summary>A class.</summary>
    public sealed record Category(long Id, string? Name);
}
