using Conjoint.Imaging;
using static TorchSharp.torch;

namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>A checkpoint on disk: the value that was pickled, and the numbers that its tensors are made of.</summary>
internal abstract class TorchContainer : IDisposable
{
    // The parts of a checkpoint lie in its file byte for byte; deflated ones can't be much smaller than the numbers.
    private const int OrdinaryInflation = 16;
    private const long OrdinaryBytes = 64L << 20;

    private protected TorchContainer(string path, FileStream file) => (Path, File) = (path, file);

    /// <summary>The file, as the user named it.</summary>
    public string Path { get; }

    /// <summary>The pickled value, of the kinds that <see cref="PickleReader"/> lists.</summary>
    public object? Root { get; protected init; }

    /// <summary>Conjoint's card, where Conjoint wrote the file; null otherwise.</summary>
    public string? Card { get; protected init; }

    /// <summary>Whether numbers are stored with their highest byte first.</summary>
    public bool IsBigEndian { get; protected init; }

    private protected FileStream File { get; }

    /// <summary>Opens a file of either format.</summary>
    /// <exception cref="InputDataException">Missing, damaged, of another format, or holds anything but plain values and tensors.</exception>
    public static TorchContainer Open(string path)
    {
        var file = OpenFile(path);
        try
        {
            Span<byte> start = stackalloc byte[4];
            var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            file.Position = 0;
            return read == start.Length && start is [(byte)'P', (byte)'K', ..] ? TorchArchive.Read(path, file)
                : read == start.Length && start[0] == (byte)PickleOpcode.Proto ? LegacyTorchFile.Read(path, file)
                : throw new InputDataException(path, "begins neither as a zip archive nor as a pickle; expected a checkpoint as torch.save writes it.");
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or IOException)
        {
            file.Dispose();
            throw new InputDataException(path, "is a damaged or truncated archive; expected a checkpoint as torch.save writes it.", exception);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Checks that the file can hold these storages, before memory is asked for.</summary>
    /// <exception cref="InputDataException">One is not there, of another size, or all of them are more than the file can hold.</exception>
    public void Check(IEnumerable<TorchStorage> storages)
    {
        var (stored, deflated) = ((Int128)0, (Int128)0);
        foreach (var storage in storages)
        {
            if (IsDeflated(storage))
                deflated += storage.Bytes;
            else
                stored += storage.Bytes;
        }

        if (stored > File.Length || deflated > (Int128)OrdinaryInflation * File.Length + OrdinaryBytes)
            throw new InputDataException(Path, $"declares {stored + deflated} bytes of numbers in a file of {File.Length}; it is damaged.");
    }

    /// <summary>Reads a storage's numbers.</summary>
    /// <param name="storage">One that <see cref="Check"/> has seen.</param>
    /// <param name="flat">Takes them: contiguous, on the CPU, as many bytes as the storage.</param>
    /// <exception cref="InputDataException">Cut short or damaged.</exception>
    public void Read(TorchStorage storage, Tensor flat)
    {
        try
        {
            var checksum = 0u;
            Use(storage, stream => TensorBytes.ForEachChunk(flat, chunk =>
            {
                stream.ReadExactly(chunk);
                checksum = Crc32.Compute(chunk, checksum);
                if (IsBigEndian)
                    TensorBytes.Reverse(chunk, SafetensorsTypes.Size(flat.dtype));
                if (flat.dtype == ScalarType.Bool && chunk.ContainsAnyExceptInRange((byte)0, (byte)1))
                    throw new InputDataException(Path, $"storage '{PickleReader.Printable(storage.Key)}' is of type bool, but holds other bytes than 0 and 1.");
            }));
            if (Checksum(storage) is { } expected && expected != checksum)
                throw new InputDataException(Path, $"storage '{PickleReader.Printable(storage.Key)}' is damaged: its checksum differs from the archive's directory.");
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or IOException)
        {
            throw new InputDataException(Path, $"storage '{PickleReader.Printable(storage.Key)}' is damaged or cut short.", exception);
        }
    }

    /// <summary>Calls with a stream that begins with a storage's bytes.</summary>
    private protected abstract void Use(TorchStorage storage, Action<Stream> read);

    /// <summary>The CRC-32 that a storage's bytes should have; null where the file doesn't say.</summary>
    private protected abstract uint? Checksum(TorchStorage storage);

    /// <summary>Whether a storage is deflated; throws where it is missing or of another size.</summary>
    private protected abstract bool IsDeflated(TorchStorage storage);

    /// <inheritdoc/>
    public virtual void Dispose() => File.Dispose();

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputDataException(path, System.IO.File.Exists(path) ? exception.Message : "there is no such file.", exception);
        }
    }
}
