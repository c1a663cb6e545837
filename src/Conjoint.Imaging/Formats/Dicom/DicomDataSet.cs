using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Conjoint.Imaging;

/// <summary>The elements of a data set, or of an item of a sequence, that are read (<see cref="DicomTag.Read"/>).</summary>
/// <param name="path">The file, for faults.</param>
/// <param name="bigEndian">Whether numbers have their high bytes first.</param>
internal sealed class DicomDataSet(string path, bool bigEndian)
{
    private readonly Dictionary<uint, (DicomVr Vr, byte[] Value)> _values = [];
    private readonly Dictionary<uint, IReadOnlyList<DicomDataSet>> _sequences = [];

    public void Add(uint tag, DicomVr vr, byte[] value) => _values[tag] = (vr, value);

    public void Add(uint tag, IReadOnlyList<DicomDataSet> items) => _sequences[tag] = items;

    /// <summary>Whether the element is there and not empty.</summary>
    public bool Has(uint tag) => _values.TryGetValue(tag, out var element) && element.Value.Length > 0;

    /// <summary>Items of a sequence; none when it is absent.</summary>
    public IReadOnlyList<DicomDataSet> Items(uint tag) => _sequences.GetValueOrDefault(tag) ?? [];

    /// <summary>The first item of a sequence.</summary>
    public DicomDataSet? Item(uint tag) => Items(tag) is [var first, ..] ? first : null;

    /// <summary>A text without its padding; null when absent or empty.</summary>
    public string? Text(uint tag)
    {
        if (!_values.TryGetValue(tag, out var element))
            return null;
        var text = Encoding.Latin1.GetString(element.Value).Trim(' ', '\0');
        return text.Length > 0 ? text : null;
    }

    /// <summary>The bytes of an element; null when absent.</summary>
    public byte[]? Bytes(uint tag) => _values.TryGetValue(tag, out var element) ? element.Value : null;

    /// <summary>Numbers in whatever representation the file chose; null when absent or empty.</summary>
    /// <exception cref="InputDataException">A text that is no finite number.</exception>
    public double[]? Numbers(uint tag)
    {
        if (!_values.TryGetValue(tag, out var element) || element.Value.Length == 0)
            return null;
        var vr = element.Vr;
        return vr == DicomVr.UnsignedShort || vr == DicomVr.OtherWord ? Each(element.Value, 2, at => Short(at))
            : vr == DicomVr.SignedShort ? Each(element.Value, 2, at => (short)Short(at))
            : vr == DicomVr.UnsignedLong ? Each(element.Value, 4, at => Long(at))
            : vr == DicomVr.SignedLong ? Each(element.Value, 4, at => (int)Long(at))
            : vr == DicomVr.OtherVeryLong ? Each(element.Value, 8, at => Huge(at))
            : vr == DicomVr.Single ? Each(element.Value, 4, at => BitConverter.UInt32BitsToSingle(Long(at)), tag)
            : vr == DicomVr.Double ? Each(element.Value, 8, at => BitConverter.UInt64BitsToDouble(Huge(at)), tag)
            : Parse(tag);

        ushort Short(int at) => bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(element.Value.AsSpan(at)) : BinaryPrimitives.ReadUInt16LittleEndian(element.Value.AsSpan(at));
        uint Long(int at) => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(element.Value.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(element.Value.AsSpan(at));
        ulong Huge(int at) => bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(element.Value.AsSpan(at)) : BinaryPrimitives.ReadUInt64LittleEndian(element.Value.AsSpan(at));
    }

    /// <summary>The first number; null when absent or empty.</summary>
    /// <exception cref="InputDataException">No finite number.</exception>
    public double? Number(uint tag) => Numbers(tag) is [var first, ..] ? first : null;

    /// <summary>Exactly so many numbers; null when absent or empty.</summary>
    /// <exception cref="InputDataException">Another count, or no finite numbers.</exception>
    public double[]? Numbers(uint tag, int count) => Numbers(tag) switch
    {
        null => null,
        { } numbers when numbers.Length == count => numbers,
        { } numbers => throw Fault(tag, $"has {numbers.Length} values; expected {count}"),
    };

    /// <summary>A whole number; null when absent or empty.</summary>
    /// <exception cref="InputDataException">No whole number, or one out of the range of 32 bits.</exception>
    public int? Whole(uint tag) => Number(tag) switch
    {
        null => null,
        { } number when number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue => (int)number,
        _ => throw Fault(tag, "is no whole number"),
    };

    /// <summary>A fault of an element; its value isn't told, since a damaged file may have anything there.</summary>
    public InputDataException Fault(uint tag, string what) => new(path, $"is a damaged DICOM file: its element {DicomTag.Show(tag)} {what}");

    private double[] Each(byte[] bytes, int size, Func<int, double> at, uint tag = 0)
    {
        var numbers = new double[bytes.Length / size];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = at(i * size);
            if (!double.IsFinite(numbers[i]))
                throw Fault(tag, "is no finite number");
        }

        return numbers;
    }

    private double[]? Parse(uint tag)
    {
        if (Text(tag) is not { } text)
            return null;
        var parts = text.Split('\\');
        var numbers = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i].Trim(' ', '\0'), NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
                throw Fault(tag, "is no number");
        }

        return numbers;
    }
}
