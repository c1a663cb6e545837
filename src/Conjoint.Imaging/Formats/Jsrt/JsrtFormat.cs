using System.Buffers.Binary;

namespace Conjoint.Imaging;

/// <summary>
/// The radiographs of the JSRT database: 2048 × 2048 pixels of 12 bits in 16, high bytes first, no header, 0.175 mm apart.
/// </summary>
/// <remarks>
/// Nothing in such a file tells what it is; its length and the end of its name do. Values are film densities, so that bone is dark
/// as in DICOM's MONOCHROME1; they are read as stored. Source: Shiraishi et al., AJR 174, 2000.
/// </remarks>
internal sealed class JsrtFormat : IScannableFormat
{
    public const string FormatName = "jsrt";

    /// <summary>Pixels along both axes.</summary>
    public const int Side = 2048;

    /// <summary>The largest value of 12 bits.</summary>
    public const int Largest = 4095;

    private const long Bytes = 2L * Side * Side;
    private const double SpacingMm = 0.175;

    public string Name => FormatName;

    /// <summary>None: an <c>.img</c> file of another length is something else.</summary>
    public IReadOnlyList<string> Extensions { get; } = [];

    public bool Detects(ReadOnlySpan<byte> start, string path) =>
        path.EndsWith(".img", StringComparison.OrdinalIgnoreCase) && new FileInfo(path) is { Exists: true, Length: Bytes }
        && !File.Exists(Path.ChangeExtension(path, ".hdr"));

    public ImageHeader ReadHeader(string path) => new()
    {
        Format = FormatName,
        Shape = [Side, Side, 1],
        DType = ElementType.UInt16.Name(),
        SpacingMm = [SpacingMm, SpacingMm, 1],
        IsVolume = false,
        IsInverted = true,
    };

    public Volume ReadVolume(string path, int frame) =>
        throw new InputDataException(path, "is a plain image; expected a volume");

    public Image ReadImage(string path)
    {
        var pixels = new float[Side * Side];
        var at = 0;
        ReadRows(path, row =>
        {
            ElementConversion.ToSingle(row, ElementType.UInt16, pixels.AsSpan(at, Side));
            at += Side;
        });
        return new Image(pixels, Side, Side);
    }

    public void Scan(string path, ValueVisitor visitor)
    {
        var values = new double[Side];
        ReadRows(path, row =>
        {
            ElementConversion.ToDouble(row, ElementType.UInt16, values);
            visitor(values);
        });
    }

    private delegate void RowAction(ReadOnlySpan<byte> littleEndian);

    private static void ReadRows(string path, RowAction action)
    {
        using var stream = InputFile.Open(path);
        var row = new byte[2 * Side];
        for (var y = 0; y < Side; y++)
        {
            InputFile.ReadExactly(stream, row, path);
            ElementConversion.ReverseBytes(row, 2);
            for (var x = 0; x < Side; x++)
            {
                var value = BinaryPrimitives.ReadUInt16LittleEndian(row.AsSpan(2 * x));
                if (value > Largest)
                    throw new InputDataException(path, $"has the value {value} among 12-bit pixels; expected a JSRT radiograph with 0 to {Largest}");
            }

            action(row);
        }
    }
}
