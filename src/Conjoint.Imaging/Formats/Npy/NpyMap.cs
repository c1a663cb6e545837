using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;

namespace Conjoint.Imaging;

/// <summary>
/// An NPY file mapped into memory, as <c>np.load(path, mmap_mode="r")</c> does it: opening reads the header alone, and values come from the
/// disk when they are looked at.
/// </summary>
/// <remarks>
/// Reading is safe from many threads, until it is disposed. The file must not be shortened meanwhile: the system ends a process that
/// reads past the end of a mapped file.
/// </remarks>
public sealed unsafe class NpyMap : IDisposable
{
    private const int ChunkBytes = 1 << 16;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _data;
    private bool _isDisposed;

    private NpyMap(FileStream stream, NpyHeader header)
    {
        Header = header;
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _data = start + _view.PointerOffset + header.DataOffset;
    }

    /// <summary>Shape, type and order of the array.</summary>
    public NpyHeader Header { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="InputDataException">Missing, damaged or truncated, or values of a type that is no number.</exception>
    public static NpyMap Open(string path)
    {
        var stream = InputFile.Open(path);
        try
        {
            var header = NpyFile.ReadHeader(stream, path);
            // Reading past the end of a mapped file kills the process, so a short file has to be found now.
            NpyFile.Require(header, stream.Length - header.DataOffset, path);
            return new NpyMap(stream, header);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>A run of values as they lie in the file, without a copy; valid until the map is disposed.</summary>
    /// <typeparam name="T">The type of <see cref="NpyHeader.DType"/>, or one of the same size that its bits are wanted as.</typeparam>
    /// <param name="first">The first value in stored order.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="InvalidOperationException">The values have their high bytes first, or another size than <typeparamref name="T"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The values lie outside of the array.</exception>
    public ReadOnlySpan<T> Values<T>(long first, int count)
        where T : unmanaged
    {
        if (Header.BigEndian || Unsafe.SizeOf<T>() != Header.DType.SizeInBytes())
            throw new InvalidOperationException($"Values of {Header.DType.Name()}{(Header.BigEndian ? ", high bytes first," : "")} can't be looked at as {typeof(T).Name}.");
        return new ReadOnlySpan<T>(Start(first, count), count);
    }

    /// <summary>Copies a run of values in stored order; wide integers and doubles are rounded to the nearest float.</summary>
    /// <param name="first">The first value in stored order.</param>
    /// <param name="destination">Receives as many values as it holds.</param>
    /// <exception cref="ArgumentOutOfRangeException">The values lie outside of the array.</exception>
    public void ReadSingle(long first, Span<float> destination)
    {
        var size = Header.DType.SizeInBytes();
        var bytes = Start(first, destination.Length);
        if (!Header.BigEndian)
        {
            ElementConversion.ToSingle(new ReadOnlySpan<byte>(bytes, destination.Length * size), Header.DType, destination);
            return;
        }

        var step = ChunkBytes / size;
        Span<byte> turned = new byte[Math.Min(ChunkBytes, destination.Length * size)];
        for (; destination.Length > 0; destination = destination[Math.Min(step, destination.Length)..], bytes += ChunkBytes)
        {
            var part = turned[..(Math.Min(step, destination.Length) * size)];
            new ReadOnlySpan<byte>(bytes, part.Length).CopyTo(part);
            ElementConversion.ReverseBytes(part, size);
            ElementConversion.ToSingle(part, Header.DType, destination[..(part.Length / size)]);
        }
    }

    /// <summary>All values in C order (last axis fastest).</summary>
    public float[] ToSingle() => InOrder(isFortran: false);

    /// <summary>All values in Fortran order (first axis fastest), the order of <see cref="Volume.Voxels"/>.</summary>
    public float[] ToSingleFirstAxisFastest() => InOrder(isFortran: true);

    /// <summary>Ends the mapping.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private float[] InOrder(bool isFortran)
    {
        var values = LargeArrays.Allocate<float>(Header.Count);
        ReadSingle(0, values);
        return NpyArray.InOrder(values, Header.Shape, Header.FortranOrder, isFortran);
    }

    private byte* Start(long first, int count)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (first < 0 || count < 0 || first + count > Header.Count)
            throw new ArgumentOutOfRangeException(nameof(first), first, "The values lie outside of the array.");
        return _data + first * Header.DType.SizeInBytes();
    }
}
