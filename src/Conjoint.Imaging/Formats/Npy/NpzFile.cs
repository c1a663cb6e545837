using System.IO.Compression;

namespace Conjoint.Imaging;

/// <summary>An NPZ file: a ZIP archive of NPY arrays, stored or deflated. Not for several threads at once; dispose it after use.</summary>
/// <remarks>Specification: numpy.savez and numpy.savez_compressed; ZIP as in APPNOTE.TXT 6.3.</remarks>
public sealed class NpzFile : IDisposable
{
    private const string Extension = ".npy";
    private const int CountingBytes = 1 << 16;
    private const int TrailingBytes = 1 << 10;
    private readonly string _path;
    private readonly FileStream _file;
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    private NpzFile(string path, FileStream file, ZipArchive archive)
    {
        (_path, _file, _archive) = (path, file, archive);
        Names = [.. archive.Entries.Where(IsArray).Select(entry => entry.FullName[..^Extension.Length])];
        foreach (var entry in archive.Entries.Where(IsArray))
            _entries[entry.FullName[..^Extension.Length]] = entry;
    }

    /// <summary>The arrays' names, without <c>.npy</c>, in the order of the archive.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens a file and reads its directory.</summary>
    /// <exception cref="InputDataException">Missing, or no intact ZIP archive.</exception>
    public static NpzFile Open(string path)
    {
        var file = InputFile.Open(path);
        try
        {
            return Guard(path, () => new NpzFile(path, file, new ZipArchive(file, ZipArchiveMode.Read)));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads what stands before an array's data.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InputDataException">No such array, a damaged one, or values of a type that is no number.</exception>
    public NpyHeader ReadHeader(string name)
    {
        var entry = Entry(name);
        return Guard(Named(name), () =>
        {
            using var stream = entry.Open();
            return NpyFile.ReadHeader(stream, Named(name));
        });
    }

    /// <summary>Reads a whole array.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InputDataException">No such array, a damaged or truncated one, or values of a type that is no number.</exception>
    public NpyArray Read(string name)
    {
        var entry = Entry(name);
        return Guard(Named(name), () =>
        {
            using var stream = new ChecksumStream(entry.Open());
            var header = NpyFile.ReadHeader(stream, Named(name));
            var array = NpyFile.ReadData(stream, header, Available(entry, header), Named(name));
            var rest = new byte[TrailingBytes];
            while (stream.Read(rest) > 0)
            {
                // What may follow the data counts for the checksum.
            }

            return stream.Checksum == entry.Crc32
                ? array
                : throw new InputDataException(Named(name), "is damaged: its checksum differs from the archive's directory");
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _archive.Dispose();
        _file.Dispose();
    }

    private static bool IsArray(ZipArchiveEntry entry) => entry.FullName.EndsWith(Extension, StringComparison.Ordinal);

    /// <summary>How many bytes of data the archive can really hold for an array, whatever its directory says.</summary>
    private long Available(ZipArchiveEntry entry, NpyHeader header)
    {
        var compressed = Math.Min(entry.CompressedLength, _file.Length);
        var available = Math.Min(entry.Length, ImagingLimits.MostInflated(compressed)) - header.DataOffset;
        if (header.DataBytes > available || !ImagingLimits.NeedsTrial(header.DataBytes, compressed))
            return available;

        using var stream = entry.Open();
        var buffer = new byte[CountingBytes];
        var counted = 0L;
        for (int read; counted < header.DataOffset + header.DataBytes && (read = stream.Read(buffer)) > 0;)
            counted += read;
        return counted - header.DataOffset;
    }

    private ZipArchiveEntry Entry(string name) => _entries.TryGetValue(name, out var entry)
        ? entry
        : throw new InputDataException(_path, $"has no array '{name}'; it has {string.Join(", ", Names)}");

    private string Named(string name) => $"{_path}[{name}]";

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is InvalidDataException or NotSupportedException or IOException)
        {
            throw new InputDataException(path, "is a damaged, truncated or encrypted archive; expected an NPZ file as np.savez writes it", fault);
        }
    }
}
