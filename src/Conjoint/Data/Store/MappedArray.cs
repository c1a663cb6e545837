using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>One array file of a store, mapped into memory for reading.</summary>
internal sealed class MappedArray : IDisposable
{
    private readonly NpyMap _map;

    /// <exception cref="InputDataException">Missing, or not the array that the manifest speaks of.</exception>
    public MappedArray(string path, StoreCase storeCase)
    {
        try
        {
            _map = NpyMap.Open(path);
        }
        catch (InputDataException fault)
        {
            throw new InputDataException(path, $"{(File.Exists(path) ? fault.Reason : "is missing")}; run 'conjoint prepare' again to mend the store", fault);
        }

        var header = _map.Header;
        if (header.FortranOrder || header.BigEndian || !header.Shape.SequenceEqual([storeCase.Slices, storeCase.Height, storeCase.Width]))
        {
            _map.Dispose();
            throw new InputDataException(path,
                $"holds [{string.Join(", ", header.Shape)}] where the manifest says [{storeCase.Slices}, {storeCase.Height}, {storeCase.Width}]; run 'conjoint prepare' again to mend the store");
        }
    }

    public ElementType Type => _map.Header.DType;

    /// <summary>How many readers hold it; kept by <see cref="ArrayCache"/>.</summary>
    public int Readers { get; set; }

    /// <summary>A run of values; valid until the array is disposed.</summary>
    public ReadOnlySpan<T> Values<T>(long first, int count)
        where T : unmanaged => _map.Values<T>(first, count);

    public void Dispose() => _map.Dispose();
}
