using Conjoint.Imaging;
using static TorchSharp.torch;

namespace Conjoint.Runtime;

/// <summary>Weights with their card: a safetensors file that any tool of that format reads, and that Conjoint can build nets from.</summary>
/// <remarks>It owns its tensors: they live until it is disposed, whatever dispose scope is open.</remarks>
public sealed class WeightsFile : IDisposable
{
    private readonly SafetensorsFile _file;

    private WeightsFile(WeightsCard card, SafetensorsFile file) => (Card, _file) = (card, file);

    /// <summary>What the file says about itself.</summary>
    public WeightsCard Card { get; }

    /// <summary>The tensors by name, on the CPU.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _file.Tensors;

    /// <summary>Writes a file, whole or not at all. Equal tensors and cards give equal bytes, whatever the order of the tensors.</summary>
    /// <param name="path">Where to; its folder has to exist.</param>
    /// <param name="tensors">Name and tensor, on any device; neither changed nor disposed.</param>
    /// <param name="card">What the file says about itself.</param>
    /// <exception cref="ArgumentException">A name occurs twice, or a tensor's type has no name in the format.</exception>
    /// <exception cref="IOException">The file cannot be written; an older one is untouched.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, WeightsCard card)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(card);
        var sorted = tensors.OrderBy(t => t.Key, StringComparer.Ordinal).ToList();
        var metadata = new Dictionary<string, string> { [WeightsCard.MetadataKey] = card.ToJson() };
        AtomicFile.Write(path, stream => Safetensors.Write(stream, sorted, metadata));
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputDataException">The file is missing, damaged, of another format, or has no card.</exception>
    public static WeightsFile Read(string path)
    {
        // The card first: a file without one is not worth reading.
        var card = ReadCard(path);
        return new WeightsFile(card, Safetensors.Read(path));
    }

    /// <summary>Reads the card without the tensors.</summary>
    /// <exception cref="InputDataException">As for <see cref="Read"/>.</exception>
    public static WeightsCard ReadCard(string path) => FindCard(path, Safetensors.ReadHeader(path).Metadata)
        ?? throw new InputDataException(path, "a safetensors file, but without Conjoint's card; expected weights that Conjoint wrote.");

    /// <summary>The card among a file's metadata; null when the file was written by something else.</summary>
    /// <param name="path">The file's name for messages.</param>
    /// <param name="metadata">The safetensors metadata.</param>
    /// <exception cref="InputDataException">There is a card and it cannot be read.</exception>
    public static WeightsCard? FindCard(string path, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return ParseCard(path, metadata.GetValueOrDefault(WeightsCard.MetadataKey));
    }

    /// <summary>A card as it stands in a file; null for none.</summary>
    internal static WeightsCard? ParseCard(string path, string? json)
    {
        if (json is null)
            return null;
        try
        {
            return WeightsCard.FromJson(json);
        }
        catch (InvalidDataException exception)
        {
            throw new InputDataException(path, $"{exception.Message}.", exception);
        }
    }

    /// <summary>Frees every tensor.</summary>
    public void Dispose() => _file.Dispose();
}
