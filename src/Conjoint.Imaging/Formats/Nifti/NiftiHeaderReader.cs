using System.Buffers.Binary;

namespace Conjoint.Imaging;

/// <summary>Parses the first 348 or 540 bytes of a NIfTI file.</summary>
internal static class NiftiHeaderReader
{
    private const int FirstVoxelVersion1 = 352;
    private const int FirstVoxelVersion2 = 544;

    /// <summary>Version and byte order by the header's own size, which is its first field; null for anything else.</summary>
    public static (int Version, bool BigEndian)? Detect(ReadOnlySpan<byte> start)
    {
        if (start.Length < 4)
            return null;
        var found = BinaryPrimitives.ReadInt32LittleEndian(start);
        var (version, bigEndian) = found switch
        {
            NiftiHeader.Version1Bytes => (1, false),
            NiftiHeader.Version2Bytes => (2, false),
            _ => BinaryPrimitives.ReverseEndianness(found) switch
            {
                NiftiHeader.Version1Bytes => (1, true),
                NiftiHeader.Version2Bytes => (2, true),
                _ => (0, false),
            },
        };
        return version != 0 && Magic(start, version) is 'n' or 'i' ? (version, bigEndian) : null;
    }

    /// <summary>
    /// Whether an Analyze 7.5 header has its high bytes first; null for anything else. It has version 1's size and no mark, so that
    /// the end of its name must tell too.
    /// </summary>
    public static bool? DetectAnalyze(ReadOnlySpan<byte> start, string path)
    {
        if (start.Length < NiftiHeader.Version1Bytes || Magic(start, 1) != '\0' || !(path.EndsWith(".hdr", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(".hdr.gz", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(start);
        return size == NiftiHeader.Version1Bytes ? false
            : BinaryPrimitives.ReverseEndianness(size) == NiftiHeader.Version1Bytes ? true : null;
    }

    public static NiftiHeader Read(Stream stream, string path)
    {
        var bytes = new byte[NiftiHeader.Version2Bytes];
        var length = InputFile.ReadAtMost(stream, bytes.AsSpan(0, NiftiHeader.Version1Bytes), path);
        if (DetectAnalyze(bytes.AsSpan(0, length), path) is { } analyzeIsBigEndian)
            return ReadAnalyze(new NiftiFields(bytes, analyzeIsBigEndian), path);
        if (Detect(bytes.AsSpan(0, length)) is not { } kind)
            throw new InputDataException(path, NotNifti(bytes.AsSpan(0, length)));
        if (length < NiftiHeader.Version1Bytes)
            throw new InputDataException(path, $"is truncated: {length} bytes are no NIfTI header of {NiftiHeader.Version1Bytes}");
        if (kind.Version == 2)
            InputFile.ReadExactly(stream, bytes.AsSpan(NiftiHeader.Version1Bytes), path);

        var fields = new NiftiFields(bytes, kind.BigEndian);
        return kind.Version == 1 ? ReadVersion1(fields, path) : ReadVersion2(fields, path);
    }

    private static NiftiHeader ReadVersion1(NiftiFields fields, string path) => Check(new NiftiHeader
    {
        Version = 1,
        BigEndian = fields.BigEndian,
        IsSingleFile = Magic(fields.Bytes, 1) == 'n',
        Dimensions = Dimensions(path, fields.Int16(40), index => fields.Int16(40 + 2 * index)),
        DType = DataType(fields.Int16(70), path),
        PixDim = [.. Enumerable.Range(0, 8).Select(index => (double)fields.Single(76 + 4 * index))],
        VoxOffset = Offset(fields.Single(108), path),
        Slope = fields.Single(112),
        Intercept = fields.Single(116),
        SpaceUnit = fields.Bytes[123] & 7,
        QformCode = fields.Int16(252),
        SformCode = fields.Int16(254),
        Quaternion = [fields.Single(256), fields.Single(260), fields.Single(264)],
        QOffset = [fields.Single(268), fields.Single(272), fields.Single(276)],
        SRows = Rows((row, column) => fields.Single(280 + 16 * row + 4 * column)),
    }, FirstVoxelVersion1, path);

    /// <summary>Sizes, type and spacing stand where version 1 has them; slope, intercept and origin where SPM put them.</summary>
    /// <remarks>Source: dbh.h of the Mayo Clinic's Analyze 7.5; SPM99 and SPM2 as nibabel reads them.</remarks>
    private static NiftiHeader ReadAnalyze(NiftiFields fields, string path) => Check(new NiftiHeader
    {
        Version = 0,
        BigEndian = fields.BigEndian,
        IsSingleFile = false,
        Dimensions = Dimensions(path, fields.Int16(40), index => fields.Int16(40 + 2 * index)),
        DType = DataType(fields.Int16(70), path),
        PixDim = [1, .. Enumerable.Range(1, 7).Select(index => (double)fields.Single(76 + 4 * index))],
        VoxOffset = Offset(fields.Single(108), path),
        Slope = fields.Single(112),
        Intercept = fields.Single(116),
        OriginVoxel = [fields.Int16(253), fields.Int16(255), fields.Int16(257)],
    }, 0, path);

    private static NiftiHeader ReadVersion2(NiftiFields fields, string path) => Check(new NiftiHeader
    {
        Version = 2,
        BigEndian = fields.BigEndian,
        IsSingleFile = Magic(fields.Bytes, 2) == 'n',
        Dimensions = Dimensions(path, fields.Int64(16), index => fields.Int64(16 + 8 * index)),
        DType = DataType(fields.Int16(12), path),
        PixDim = [.. Enumerable.Range(0, 8).Select(index => fields.Double(104 + 8 * index))],
        VoxOffset = fields.Int64(168),
        Slope = fields.Double(176),
        Intercept = fields.Double(184),
        SpaceUnit = fields.Int32(500) & 7,
        QformCode = fields.Int32(344),
        SformCode = fields.Int32(348),
        Quaternion = [fields.Double(352), fields.Double(360), fields.Double(368)],
        QOffset = [fields.Double(376), fields.Double(384), fields.Double(392)],
        SRows = Rows((row, column) => fields.Double(400 + 32 * row + 8 * column)),
    }, FirstVoxelVersion2, path);

    private static NiftiHeader Check(NiftiHeader header, int firstVoxel, string path)
    {
        if (header.VoxOffset < 0)
            throw new InputDataException(path, $"declares its voxels at byte {header.VoxOffset}; expected {firstVoxel} or more");
        // Writers that leave the field at 0 mean "right after the header".
        return header.IsSingleFile && header.VoxOffset < firstVoxel ? header with { VoxOffset = firstVoxel } : header;
    }

    private static int[] Dimensions(string path, long count, Func<int, long> size)
    {
        if (count is < 1 or > 7)
            throw new InputDataException(path, $"declares {count} dimensions in its NIfTI header; expected 1 to 7");

        var sizes = new int[count];
        Int128 voxels = 1, frames = 1;
        for (var axis = 0; axis < count; axis++)
        {
            var length = size(axis + 1);
            if (length is < 1 or > int.MaxValue)
                throw new InputDataException(path, $"declares {length} voxels along axis {axis + 1}; expected 1 to {int.MaxValue}");
            sizes[axis] = (int)length;
            (voxels, frames) = axis < 3 ? (voxels * length, frames) : (voxels, frames * length);
            if (voxels > ImagingLimits.MaxVoxels || frames > int.MaxValue)
            {
                throw new InputDataException(path,
                    $"declares {string.Join('×', sizes[..(axis + 1)])} voxels; at most {ImagingLimits.MaxVoxels} in a volume can be read");
            }
        }

        return sizes;
    }

    private static ElementType DataType(int code, string path) => (NiftiDataType)code switch
    {
        NiftiDataType.UInt8 => ElementType.UInt8,
        NiftiDataType.Int16 => ElementType.Int16,
        NiftiDataType.Int32 => ElementType.Int32,
        NiftiDataType.Float32 => ElementType.Float32,
        NiftiDataType.Float64 => ElementType.Float64,
        NiftiDataType.Int8 => ElementType.Int8,
        NiftiDataType.UInt16 => ElementType.UInt16,
        NiftiDataType.UInt32 => ElementType.UInt32,
        NiftiDataType.Int64 => ElementType.Int64,
        NiftiDataType.UInt64 => ElementType.UInt64,
        _ => throw new InputDataException(path,
            $"has NIfTI datatype {code} ({Unsupported(code)}); expected integers of 1 to 8 bytes or floats of 4 or 8"),
    };

    private static string Unsupported(int code) => code switch
    {
        1 => "1 bit",
        32 or 1792 or 2048 => "complex numbers",
        128 or 2304 => "RGB colours",
        1536 => "128-bit floats",
        _ => "unknown",
    };

    private static long Offset(float value, string path) => float.IsFinite(value) && Math.Abs(value) < long.MaxValue / 2
        ? (long)value
        : throw new InputDataException(path, $"declares its voxels at byte {value}; expected {FirstVoxelVersion1} or more");

    private static double[,] Rows(Func<int, int, double> entry)
    {
        var rows = new double[3, 4];
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 4; column++)
                rows[row, column] = entry(row, column);
        }

        return rows;
    }

    /// <summary>'n' for a single file, 'i' for a pair, anything else for neither.</summary>
    private static char Magic(ReadOnlySpan<byte> bytes, int version)
    {
        var at = version == 1 ? 344 : 4;
        if (bytes.Length < at + 4 || bytes[at] != 'n' || bytes[at + 2] != '0' + version || bytes[at + 3] != 0)
            return '\0';
        return bytes[at + 1] switch { (byte)'+' => 'n', (byte)'i' => 'i', _ => '\0' };
    }

    private static string NotNifti(ReadOnlySpan<byte> start) => start switch
    {
        [0x1F, 0x8B, ..] => "is compressed with gzip twice; decompress it once",
        { Length: < NiftiHeader.Version1Bytes } => $"is no NIfTI file: it has only {start.Length} bytes, the header alone takes {NiftiHeader.Version1Bytes}",
        _ => "is no NIfTI file: expected a header size of 348 or 540 and the mark 'n+1', 'ni1', 'n+2' or 'ni2'",
    };
}
