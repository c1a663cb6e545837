using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Conjoint.Imaging;
using static TorchSharp.torch;

namespace Conjoint.Runtime;

/// <summary>Tensors in a file: an 8-byte header length, a JSON header padded with spaces to a multiple of 8, the plain data.</summary>
/// <remarks>
/// Source: the format description at github.com/huggingface/safetensors. Element types: F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL.
/// The same tensors in the same order give the same bytes.
/// </remarks>
public static class Safetensors
{
    /// <summary>Writes a file, replacing one of that name; see the overload for a stream.</summary>
    /// <exception cref="ArgumentException">A name occurs twice or is reserved, or a tensor's type has no name in the format.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write);
        Write(stream, tensors, metadata);
    }

    /// <summary>Writes tensors in the given order; metadata sorted by key.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="tensors">Name and tensor, on any device; they are neither changed nor disposed.</param>
    /// <param name="metadata">Strings for <c>__metadata__</c>.</param>
    /// <exception cref="ArgumentException">A name occurs twice or is reserved, or a tensor's type has no name in the format.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var list = tensors.ToList();
        var header = Header(list, metadata);

        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (var (_, tensor) in list)
            WriteData(stream, tensor);
    }

    /// <summary>Reads every tensor of a file.</summary>
    /// <exception cref="InputDataException">The file is missing, cut short, damaged or of another format.</exception>
    public static SafetensorsFile Read(string path)
    {
        using var stream = Open(path);
        var header = SafetensorsHeader.Read(stream, path);
        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        var file = new SafetensorsFile(header.Metadata, tensors);
        try
        {
            foreach (var entry in header.Entries)
            {
                var tensor = empty([.. entry.Shape], entry.DType).DetachFromDisposeScope();
                tensors.Add(entry.Name, tensor);
                ReadData(stream, tensor, path, entry);
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads names, types, shapes and metadata without the data.</summary>
    /// <exception cref="InputDataException">The file is missing, cut short, damaged or of another format.</exception>
    public static SafetensorsHeader ReadHeader(string path)
    {
        using var stream = Open(path);
        return SafetensorsHeader.Read(stream, path);
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var reason = File.Exists(path) ? exception.Message : "there is no such file.";
            throw new InputDataException(path, reason, exception);
        }
    }

    private static byte[] Header(List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            var offset = 0L;
            foreach (var (name, tensor) in tensors)
            {
                if (!names.Add(name))
                    throw new ArgumentException($"a tensor cannot be named '{name}': the name is reserved or given twice.", nameof(tensors));
                json.WriteStartObject(name);
                json.WriteString("dtype", SafetensorsTypes.Name(tensor.dtype));
                json.WriteStartArray("shape");
                foreach (var size in tensor.shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += tensor.numel() * SafetensorsTypes.Size(tensor.dtype);
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteData(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.detach().cpu().contiguous().reshape(-1);
        TensorBytes.ForEachChunk(flat, chunk => stream.Write(chunk));
    }

    private static void ReadData(Stream stream, Tensor tensor, string path, SafetensorsEntry entry)
    {
        using var scope = NewDisposeScope();
        TensorBytes.ForEachChunk(tensor.reshape(-1), chunk =>
        {
            stream.ReadExactly(chunk);
            if (entry.DType == ScalarType.Bool && chunk.ContainsAnyExceptInRange((byte)0, (byte)1))
                throw new InputDataException(path, $"tensor '{entry.Name}' is BOOL, but holds other bytes than 0 and 1.");
        });
    }
}
