using System.Text;
using static TorchSharp.torch;

namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>Writes tensors as <c>torch.save(state_dict)</c> does: <c>torch.load(weights_only=True)</c> reads them.</summary>
/// <remarks>Equal tensors and cards in equal order give equal bytes.</remarks>
public static class PyTorchWriter
{
    private const string Root = "archive";

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">Where to; its folder has to exist.</param>
    /// <param name="tensors">Name and tensor, on any device; neither changed nor disposed. The file has their order.</param>
    /// <param name="card">What the file says about itself, in a record of its own that PyTorch passes over; may be null.</param>
    /// <exception cref="ArgumentException">A name occurs twice, or a tensor's type has no storage class in PyTorch.</exception>
    /// <exception cref="IOException">The file cannot be written, or would be longer than 4 GiB; an older one is untouched.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, WeightsCard? card = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var list = tensors.ToList();
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (list.Select(t => t.Key).FirstOrDefault(name => !names.Add(name)) is { } twice)
            throw new ArgumentException($"a tensor cannot be named '{twice}': the name is given twice.", nameof(tensors));
        var pickle = PickleWriter.StateDict(list);
        AtomicFile.Write(path, stream =>
        {
            var zip = new StoredZip(stream);
            zip.Add($"{Root}/data.pkl", pickle);
            zip.Add($"{Root}/byteorder", "little"u8.ToArray());
            for (var i = 0; i < list.Count; i++)
                Add(zip, FormattableString.Invariant($"{Root}/data/{i}"), list[i].Value);
            zip.Add($"{Root}/version", "3\n"u8.ToArray());
            if (card is not null)
                zip.Add($"{Root}/{TorchArchive.CardRecord}", Encoding.UTF8.GetBytes(card.ToJson()));
            zip.Finish();
        });
    }

    private static void Add(StoredZip zip, string name, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.detach().cpu().contiguous().reshape(-1);
        var checksum = 0u;
        TensorBytes.ForEachChunk(flat, chunk => checksum = Imaging.Crc32.Compute(chunk, checksum));
        zip.Add(name, flat.numel() * SafetensorsTypes.Size(flat.dtype), checksum, stream => TensorBytes.ForEachChunk(flat, chunk => stream.Write(chunk)));
    }
}
