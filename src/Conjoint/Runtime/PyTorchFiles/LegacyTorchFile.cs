using System.Buffers.Binary;
using System.Numerics;
using Conjoint.Imaging;

namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>
/// A checkpoint of PyTorch before 1.6, as torchvision's and SwAV's older ones are: five pickles one after another (a magic
/// number, a version, facts of the machine, the value, the storages' keys), then each storage behind its number of elements.
/// </summary>
/// <remarks>Source: PyTorch's torch/serialization.py, <c>_legacy_save</c>.</remarks>
internal sealed class LegacyTorchFile : TorchContainer
{
    private const long Version = 1001;
    private static readonly BigInteger s_magic = BigInteger.Parse("1950a86a20f9469cfc6c", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    private readonly Dictionary<string, long> _positions = new(StringComparer.Ordinal);

    private LegacyTorchFile(string path, FileStream file)
        : base(path, file)
    {
        if (Value([]) is not BigInteger magic || magic != s_magic)
            throw new InputDataException(path, "a plain pickle; expected a checkpoint as torch.save writes it.");
        if (Value([]) is not Version)
            throw new InputDataException(path, $"a checkpoint of another version than {Version}; save it again with a newer PyTorch.");
        IsBigEndian = Value([]) is PickleDictionary facts && facts["little_endian"] is false;

        var storages = new Dictionary<string, TorchStorage>(StringComparer.Ordinal);
        Root = Value(storages);
        if (Value([]) is not List<object?> keys)
            throw new InputDataException(path, "has no list of storages; the file is damaged.");
        foreach (var key in keys)
            Skip(key as string is { } name && storages.TryGetValue(name, out var storage) ? storage : throw new InputDataException(path, "lists a storage that no tensor uses; the file is damaged."));
    }

    /// <summary>Reads the pickles and finds the storages.</summary>
    /// <exception cref="InputDataException">No checkpoint, damaged, or not only plain values and tensors.</exception>
    public static LegacyTorchFile Read(string path, FileStream file) => new(path, file);

    private protected override bool IsDeflated(TorchStorage storage) => _positions.ContainsKey(storage.Key)
        ? false
        : throw new InputDataException(Path, $"has no storage '{PickleReader.Printable(storage.Key)}'; the file is cut short.");

    private protected override void Use(TorchStorage storage, Action<Stream> read)
    {
        File.Position = _positions[storage.Key];
        read(File);
    }

    private protected override uint? Checksum(TorchStorage storage) => null;

    private object? Value(Dictionary<string, TorchStorage> storages) => PickleReader.Read(File, Path, storages);

    private void Skip(TorchStorage storage)
    {
        Span<byte> bytes = stackalloc byte[8];
        File.ReadExactly(bytes);
        var count = IsBigEndian ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (count != storage.Count || storage.Bytes > File.Length - File.Position)
            throw new InputDataException(Path, $"storage '{PickleReader.Printable(storage.Key)}' has {count} elements where its tensors need {storage.Count}, or is cut short.");
        if (!_positions.TryAdd(storage.Key, File.Position))
            throw new InputDataException(Path, $"holds storage '{PickleReader.Printable(storage.Key)}' twice; the file is damaged.");
        File.Position += storage.Bytes;
    }
}
