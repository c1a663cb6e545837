using System.IO.Compression;
using System.Text;
using Conjoint.Imaging;

namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>A checkpoint of PyTorch 1.6 and later: a zip archive with the pickle in <c>NAME/data.pkl</c> and each storage in <c>NAME/data/KEY</c>.</summary>
/// <remarks>Source: PyTorch's caffe2/serialize/inline_container.h and torch/serialization.py.</remarks>
internal sealed class TorchArchive : TorchContainer
{
    /// <summary>The record with Conjoint's card, beside PyTorch's own.</summary>
    public const string CardRecord = "conjoint.json";

    private const string PickleRecord = "data.pkl", TorchScriptRecord = "constants.pkl", ByteOrderRecord = "byteorder";
    private const long LongestPickle = 64L << 20;
    private const long LongestText = 1L << 20;

    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;

    private TorchArchive(string path, FileStream file, ZipArchive archive, string root, Dictionary<string, ZipArchiveEntry> entries)
        : base(path, file)
    {
        (_archive, _entries) = (archive, entries.Where(e => e.Key.StartsWith(root, StringComparison.Ordinal)).ToDictionary(e => e.Key[root.Length..], e => e.Value, StringComparer.Ordinal));
        IsBigEndian = Text(ByteOrderRecord) switch
        {
            null or "little" => false,
            "big" => true,
            _ => throw new InputDataException(path, "its byte order is neither little nor big; the file is damaged."),
        };
        Card = Text(CardRecord);
        using var pickle = new MemoryStream(Record(_entries[PickleRecord], LongestPickle), writable: false);
        Root = PickleReader.Read(pickle, path, []);
    }

    /// <summary>Reads the archive's directory and its pickle.</summary>
    /// <exception cref="InputDataException">No checkpoint, a TorchScript program, damaged, or not only plain values and tensors.</exception>
    public static TorchArchive Read(string path, FileStream file)
    {
        var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        try
        {
            var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
            foreach (var entry in archive.Entries)
            {
                if (!entries.TryAdd(entry.FullName, entry))
                    throw new InputDataException(path, $"holds '{PickleReader.Printable(entry.FullName)}' twice; the file is damaged.");
            }

            var pickles = entries.Keys.Where(name => name == PickleRecord || (name.EndsWith("/" + PickleRecord, StringComparison.Ordinal) && name.Count(c => c == '/') == 1)).ToList();
            if (pickles is not [var pickle])
                throw new InputDataException(path, $"a zip archive with {(pickles.Count == 0 ? "no" : "more than one")} {PickleRecord} in it; expected a checkpoint as torch.save writes it.");
            var root = pickle[..^PickleRecord.Length];
            return entries.ContainsKey(root + TorchScriptRecord)
                ? throw new InputDataException(path, "a TorchScript program; expected a state dict: save torch.jit.load(file).state_dict() with torch.save.")
                : new TorchArchive(path, file, archive, root, entries);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _archive.Dispose();
        base.Dispose();
    }

    private protected override bool IsDeflated(TorchStorage storage)
    {
        var entry = Entry(storage);
        return entry.Length == storage.Bytes
            ? entry.CompressedLength != entry.Length
            : throw new InputDataException(Path, $"storage '{PickleReader.Printable(storage.Key)}' has {entry.Length} bytes where its tensors need {storage.Bytes}.");
    }

    private protected override void Use(TorchStorage storage, Action<Stream> read)
    {
        using var stream = Entry(storage).Open();
        read(stream);
    }

    private protected override uint? Checksum(TorchStorage storage) => Entry(storage).Crc32;

    private ZipArchiveEntry Entry(TorchStorage storage) => _entries.TryGetValue($"data/{storage.Key}", out var entry)
        ? entry
        : throw new InputDataException(Path, $"has no storage '{PickleReader.Printable(storage.Key)}'; the file is damaged.");

    private string? Text(string record) => _entries.TryGetValue(record, out var entry) ? Encoding.UTF8.GetString(Record(entry, LongestText)).Trim() : null;

    private byte[] Record(ZipArchiveEntry entry, long longest)
    {
        // What the directory declares is not believed: a longer record shows itself while it is read.
        if (entry.Length > longest || entry.Length > Math.Max(entry.CompressedLength, 1) * ImagingLimits.MaxInflation)
            throw new InputDataException(Path, $"'{PickleReader.Printable(entry.FullName)}' has {entry.Length} bytes; expected at most {longest}.");
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return Crc32.Compute(bytes) == entry.Crc32
            ? bytes
            : throw new InputDataException(Path, $"'{PickleReader.Printable(entry.FullName)}' is damaged: its checksum differs from the archive's directory.");
    }
}
