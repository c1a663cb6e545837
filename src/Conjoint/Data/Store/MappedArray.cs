using System.IO.MemoryMappedFiles;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>One array file of a store, mapped into memory for reading.</summary>
internal sealed unsafe class MappedArray : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _data;
    private readonly long _bytes;

    /// <exception cref="InputDataException">Missing, or not the array that the manifest speaks of.</exception>
    public MappedArray(string path, StoreCase storeCase)
    {
        NpyHeader header;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            header = NpyFile.ReadHeader(stream, path);
            // Reading past the end of a mapped file kills the process, so a short file has to be found now.
            if (stream.Length < header.DataOffset + header.DataBytes)
                throw new InputDataException(path, "is shorter than its header says; run 'conjoint prepare' again to mend the store");
            if (header.FortranOrder || header.BigEndian || !header.Shape.SequenceEqual([storeCase.Slices, storeCase.Height, storeCase.Width]))
            {
                throw new InputDataException(path,
                    $"holds [{string.Join(", ", header.Shape)}] where the manifest says [{storeCase.Slices}, {storeCase.Height}, {storeCase.Width}]; run 'conjoint prepare' again to mend the store");
            }

            _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputDataException(path, "is missing; run 'conjoint prepare' again to mend the store", error);
        }

        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _data = start + _view.PointerOffset + header.DataOffset;
        _bytes = header.DataBytes;
        Type = header.DType;
    }

    public ElementType Type { get; }

    /// <summary>How many readers hold it; kept by <see cref="ArrayCache"/>.</summary>
    public int Readers { get; set; }

    /// <summary>A run of values; valid until the array is disposed.</summary>
    public ReadOnlySpan<T> Values<T>(long first, int count)
        where T : unmanaged
    {
        if (first < 0 || (first + count) * sizeof(T) > _bytes)
            throw new ArgumentOutOfRangeException(nameof(first), first, "The values lie outside the array.");
        return new ReadOnlySpan<T>(_data + first * sizeof(T), count);
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
