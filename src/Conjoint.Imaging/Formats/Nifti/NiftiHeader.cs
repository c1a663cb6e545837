namespace Conjoint.Imaging;

/// <summary>The fields of a NIfTI header that matter here, of either version.</summary>
/// <remarks>Specification: nifti1.h (NIfTI-1.1) and nifti2.h (NIfTI-2) of the NIfTI Data Format Working Group.</remarks>
internal sealed record NiftiHeader
{
    public const int Version1Bytes = 348;
    public const int Version2Bytes = 540;

    /// <summary>1 or 2; 0 for an Analyze 7.5 header, the forerunner of version 1.</summary>
    public required int Version { get; init; }

    /// <summary>Whether header and voxels have their high bytes first.</summary>
    public bool BigEndian { get; init; }

    /// <summary>Whether header and voxels share a file; otherwise the voxels are in an <c>.img</c> file of the same name.</summary>
    public bool IsSingleFile { get; init; } = true;

    /// <summary>dim[1..dim[0]]: 1 to 7 sizes of at least 1.</summary>
    public required int[] Dimensions { get; init; }

    /// <summary>Encoding of a voxel.</summary>
    public required ElementType DType { get; init; }

    /// <summary>pixdim[0..7]: qfac, then spacings.</summary>
    public required double[] PixDim { get; init; }

    /// <summary>Where the voxels begin, bytes from the start of their file.</summary>
    public long VoxOffset { get; init; }

    /// <summary>scl_slope; 0 or not finite: none.</summary>
    public double Slope { get; init; }

    /// <summary>scl_inter.</summary>
    public double Intercept { get; init; }

    /// <summary>xyzt_units, low three bits: 1 m, 2 mm, 3 µm.</summary>
    public int SpaceUnit { get; init; }

    /// <summary>Above 0 when the quaternion is meant.</summary>
    public int QformCode { get; init; }

    /// <summary>Above 0 when the rows are meant.</summary>
    public int SformCode { get; init; }

    /// <summary>quatern_b, quatern_c, quatern_d.</summary>
    public double[] Quaternion { get; init; } = new double[3];

    /// <summary>qoffset_x, qoffset_y, qoffset_z.</summary>
    public double[] QOffset { get; init; } = new double[3];

    /// <summary>srow_x, srow_y, srow_z: [3, 4].</summary>
    public double[,] SRows { get; init; } = new double[3, 4];

    /// <summary>Analyze 7.5: the voxel at the origin of space, counted from 1, as SPM writes it; zeros for none.</summary>
    public int[] OriginVoxel { get; init; } = new int[3];

    /// <summary>Size along an axis from 0; 1 beyond the declared ones.</summary>
    public int Size(int axis) => axis < Dimensions.Length ? Dimensions[axis] : 1;

    /// <summary>Voxels of one 3D volume.</summary>
    public long FrameVoxels => (long)Size(0) * Size(1) * Size(2);

    /// <summary>Number of 3D volumes.</summary>
    public int Frames
    {
        get
        {
            var frames = 1;
            for (var axis = 3; axis < Dimensions.Length; axis++)
                frames *= Dimensions[axis];
            return frames;
        }
    }

    /// <summary>Bytes of one 3D volume.</summary>
    public long FrameBytes => FrameVoxels * DType.SizeInBytes();

    /// <summary>Slope and intercept that apply: 1 and 0 unless the file states a usable slope.</summary>
    public (double Slope, double Intercept) Scaling =>
        Slope != 0 && double.IsFinite(Slope) ? (Slope, double.IsFinite(Intercept) ? Intercept : 0) : (1, 0);
}
