using System.Text.Json;
using Conjoint.Imaging;
using static TorchSharp.torch;

namespace Conjoint.Runtime;

/// <summary>What a safetensors file says about one tensor.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="DType">Its element type.</param>
/// <param name="Shape">Its shape, outermost axis first; empty for a scalar.</param>
/// <param name="Begin">First byte of its data, counted from the end of the header.</param>
/// <param name="End">One past the last byte.</param>
public sealed record SafetensorsEntry(string Name, ScalarType DType, IReadOnlyList<long> Shape, long Begin, long End);

/// <summary>
/// The header of a safetensors file, checked against the file's size: the entries cover the data without gap or overlap.
/// </summary>
/// <remarks>Source: the format description at github.com/huggingface/safetensors, "Format".</remarks>
public sealed class SafetensorsHeader
{
    private const string MetadataKey = "__metadata__";

    // The reference implementation's bound; a header of this size would describe about a million tensors.
    private const long MaximumLength = 100_000_000;

    private SafetensorsHeader(IReadOnlyDictionary<string, string> metadata, IReadOnlyList<SafetensorsEntry> entries, long dataStart)
    {
        Metadata = metadata;
        Entries = entries;
        DataStart = dataStart;
    }

    /// <summary>The strings of <c>__metadata__</c>; empty when the file has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>One entry a tensor, in the order of the data.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>Where the data begin in the file.</summary>
    internal long DataStart { get; }

    /// <summary>Reads the header from the start of a stream.</summary>
    /// <param name="stream">Readable, with a length, at position 0; afterwards it stands at the first byte of data.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <exception cref="InputDataException">The header is not valid, or does not fit the file.</exception>
    internal static SafetensorsHeader Read(Stream stream, string path)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.Length < prefix.Length)
            throw new InputDataException(path, $"{stream.Length} bytes are too few for a safetensors file; it begins with an 8-byte header length.");
        stream.ReadExactly(prefix);
        var length = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaximumLength || (long)length > stream.Length - prefix.Length)
            throw new InputDataException(path, $"the header length {length} does not fit a safetensors file of {stream.Length} bytes; the file is cut short or of another format.");

        var json = new byte[length];
        stream.ReadExactly(json);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4 });
            return Parse(document.RootElement, path, prefix.Length + (long)length, stream.Length - prefix.Length - (long)length);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not valid UTF-16, or an element of another kind than asked for.
            throw new InputDataException(path, $"the safetensors header is not the JSON it should be ({exception.Message}).", exception);
        }
    }

    private static SafetensorsHeader Parse(JsonElement root, string path, long dataStart, long dataLength)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new InputDataException(path, "the safetensors header is no JSON object.");

        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in root.EnumerateObject())
        {
            if (!names.Add(property.Name))
                throw new InputDataException(path, $"the safetensors header names '{property.Name}' twice.");
            if (property.Name == MetadataKey)
            {
                foreach (var pair in property.Value.EnumerateObject())
                    metadata[pair.Name] = pair.Value.GetString() ?? "";
            }
            else
            {
                entries.Add(ParseEntry(property.Name, property.Value, path));
            }
        }

        entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        var end = 0L;
        foreach (var entry in entries)
        {
            if (entry.Begin != end)
                throw new InputDataException(path, $"tensor '{entry.Name}' begins at byte {entry.Begin} of the data; expected {end}, without gap or overlap.");
            end = entry.End;
        }

        if (end != dataLength)
            throw new InputDataException(path, $"the tensors need {end} bytes of data, the file has {dataLength}; it is cut short or damaged.");
        return new SafetensorsHeader(metadata, entries, dataStart);
    }

    private static SafetensorsEntry ParseEntry(string name, JsonElement value, string path)
    {
        InputDataException Fault(string what) => new(path, $"tensor '{name}' has {what}.");

        if (value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String
            || !value.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array
            || !value.TryGetProperty("data_offsets", out var offsets) || offsets.ValueKind != JsonValueKind.Array
            || offsets.GetArrayLength() != 2)
            throw Fault("no dtype, shape and pair of data_offsets");
        if (SafetensorsTypes.Parse(dtype.GetString()!) is not { } type)
            throw Fault($"the element type '{dtype.GetString()}'; readable are {SafetensorsTypes.Names}");

        var sizes = new long[shape.GetArrayLength()];
        var bytes = (Int128)SafetensorsTypes.Size(type);
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            if (shape[axis].ValueKind != JsonValueKind.Number || !shape[axis].TryGetInt64(out sizes[axis]) || sizes[axis] < 0)
                throw Fault("a shape that is no list of whole numbers");
            bytes *= sizes[axis];
            if (bytes > long.MaxValue)
                throw Fault("a shape that no memory holds");
        }

        if (offsets[0].ValueKind != JsonValueKind.Number || !offsets[0].TryGetInt64(out var begin)
            || offsets[1].ValueKind != JsonValueKind.Number || !offsets[1].TryGetInt64(out var end)
            || begin < 0 || end < begin)
            throw Fault("data_offsets that are no rising pair of whole numbers");
        if (end - begin != bytes)
            throw Fault($"{end - begin} bytes of data where its shape and type need {bytes}");
        return new SafetensorsEntry(name, type, sizes, begin, end);
    }
}
