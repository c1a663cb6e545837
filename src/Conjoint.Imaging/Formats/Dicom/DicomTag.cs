using System.Collections.Frozen;

namespace Conjoint.Imaging;

/// <summary>
/// The data elements that are read (PS3.6), with the representation that implicit encodings leave out. Everything else is passed
/// over unread, so that names, dates and texts about a patient never get into memory.
/// </summary>
internal static class DicomTag
{
    public const uint TransferSyntax = 0x00020010;
    public const uint ImageType = 0x00080008;
    public const uint SopInstance = 0x00080018;
    public const uint Modality = 0x00080060;
    public const uint PatientId = 0x00100020;
    public const uint SliceThickness = 0x00180050;
    public const uint EchoTime = 0x00180081;
    public const uint SpacingBetweenSlices = 0x00180088;
    public const uint TriggerTime = 0x00181060;
    public const uint ImagerPixelSpacing = 0x00181164;
    public const uint NominalScannedPixelSpacing = 0x00182010;
    public const uint DiffusionBValue = 0x00189087;
    public const uint StudyInstance = 0x0020000D;
    public const uint SeriesInstance = 0x0020000E;
    public const uint AcquisitionNumber = 0x00200012;
    public const uint InstanceNumber = 0x00200013;
    public const uint Position = 0x00200032;
    public const uint Orientation = 0x00200037;
    public const uint TemporalPosition = 0x00200100;
    public const uint SliceLocation = 0x00201041;
    public const uint StackId = 0x00209056;
    public const uint FrameContentSequence = 0x00209111;
    public const uint PlanePositionSequence = 0x00209113;
    public const uint PlaneOrientationSequence = 0x00209116;
    public const uint TemporalPositionIndex = 0x00209128;
    public const uint SamplesPerPixel = 0x00280002;
    public const uint Photometric = 0x00280004;
    public const uint PlanarConfiguration = 0x00280006;
    public const uint NumberOfFrames = 0x00280008;
    public const uint Rows = 0x00280010;
    public const uint Columns = 0x00280011;
    public const uint PixelSpacing = 0x00280030;
    public const uint BitsAllocated = 0x00280100;
    public const uint BitsStored = 0x00280101;
    public const uint HighBit = 0x00280102;
    public const uint PixelRepresentation = 0x00280103;
    public const uint WindowCenter = 0x00281050;
    public const uint WindowWidth = 0x00281051;
    public const uint RescaleIntercept = 0x00281052;
    public const uint RescaleSlope = 0x00281053;
    public const uint RedPaletteDescriptor = 0x00281101;
    public const uint GreenPaletteDescriptor = 0x00281102;
    public const uint BluePaletteDescriptor = 0x00281103;
    public const uint RedPalette = 0x00281201;
    public const uint GreenPalette = 0x00281202;
    public const uint BluePalette = 0x00281203;
    public const uint ModalityLutSequence = 0x00283000;
    public const uint LutDescriptor = 0x00283002;
    public const uint LutData = 0x00283006;
    public const uint PixelMeasuresSequence = 0x00289110;
    public const uint PixelValueTransformationSequence = 0x00289145;
    public const uint DetectorInformationSequence = 0x00540022;
    public const uint SegmentIdentificationSequence = 0x0062000A;
    public const uint SegmentNumber = 0x0062000B;
    public const uint GridFrameOffsets = 0x3004000C;
    public const uint SharedFunctionalGroups = 0x52009229;
    public const uint PerFrameFunctionalGroups = 0x52009230;
    public const uint ExtendedOffsetTable = 0x7FE00001;
    public const uint FloatPixelData = 0x7FE00008;
    public const uint DoublePixelData = 0x7FE00009;
    public const uint PixelData = 0x7FE00010;
    public const uint Item = 0xFFFEE000;
    public const uint ItemEnd = 0xFFFEE00D;
    public const uint SequenceEnd = 0xFFFEE0DD;

    /// <summary>What is read, and how it is represented.</summary>
    public static FrozenDictionary<uint, DicomVr> Read { get; } = new Dictionary<uint, DicomVr>
    {
        [TransferSyntax] = DicomVr.Identifier,
        [ImageType] = DicomVr.CodeString,
        [SopInstance] = DicomVr.Identifier,
        [Modality] = DicomVr.CodeString,
        [PatientId] = DicomVr.Text,
        [SliceThickness] = DicomVr.Decimals,
        [EchoTime] = DicomVr.Decimals,
        [SpacingBetweenSlices] = DicomVr.Decimals,
        [TriggerTime] = DicomVr.Decimals,
        [ImagerPixelSpacing] = DicomVr.Decimals,
        [NominalScannedPixelSpacing] = DicomVr.Decimals,
        [DiffusionBValue] = DicomVr.Double,
        [StudyInstance] = DicomVr.Identifier,
        [SeriesInstance] = DicomVr.Identifier,
        [AcquisitionNumber] = DicomVr.Integers,
        [InstanceNumber] = DicomVr.Integers,
        [Position] = DicomVr.Decimals,
        [Orientation] = DicomVr.Decimals,
        [TemporalPosition] = DicomVr.Integers,
        [SliceLocation] = DicomVr.Decimals,
        [StackId] = DicomVr.Text,
        [FrameContentSequence] = DicomVr.Sequence,
        [PlanePositionSequence] = DicomVr.Sequence,
        [PlaneOrientationSequence] = DicomVr.Sequence,
        [TemporalPositionIndex] = DicomVr.UnsignedLong,
        [SamplesPerPixel] = DicomVr.UnsignedShort,
        [Photometric] = DicomVr.CodeString,
        [PlanarConfiguration] = DicomVr.UnsignedShort,
        [NumberOfFrames] = DicomVr.Integers,
        [Rows] = DicomVr.UnsignedShort,
        [Columns] = DicomVr.UnsignedShort,
        [PixelSpacing] = DicomVr.Decimals,
        [BitsAllocated] = DicomVr.UnsignedShort,
        [BitsStored] = DicomVr.UnsignedShort,
        [HighBit] = DicomVr.UnsignedShort,
        [PixelRepresentation] = DicomVr.UnsignedShort,
        [WindowCenter] = DicomVr.Decimals,
        [WindowWidth] = DicomVr.Decimals,
        [RescaleIntercept] = DicomVr.Decimals,
        [RescaleSlope] = DicomVr.Decimals,
        [RedPaletteDescriptor] = DicomVr.UnsignedShort,
        [GreenPaletteDescriptor] = DicomVr.UnsignedShort,
        [BluePaletteDescriptor] = DicomVr.UnsignedShort,
        [RedPalette] = DicomVr.OtherWord,
        [GreenPalette] = DicomVr.OtherWord,
        [BluePalette] = DicomVr.OtherWord,
        [ModalityLutSequence] = DicomVr.Sequence,
        [LutDescriptor] = DicomVr.UnsignedShort,
        [LutData] = DicomVr.OtherWord,
        [PixelMeasuresSequence] = DicomVr.Sequence,
        [PixelValueTransformationSequence] = DicomVr.Sequence,
        [DetectorInformationSequence] = DicomVr.Sequence,
        [GridFrameOffsets] = DicomVr.Decimals,
        [SharedFunctionalGroups] = DicomVr.Sequence,
        [PerFrameFunctionalGroups] = DicomVr.Sequence,
        [SegmentIdentificationSequence] = DicomVr.Sequence,
        [SegmentNumber] = DicomVr.UnsignedShort,
        [ExtendedOffsetTable] = DicomVr.OtherVeryLong,
    }.ToFrozenDictionary();

    /// <summary>Whether it holds the pixels.</summary>
    public static bool IsPixels(uint tag) => tag is PixelData or FloatPixelData or DoublePixelData;

    /// <summary>As the standard writes it: <c>(0028,0010)</c>.</summary>
    public static string Show(uint tag) => FormattableString.Invariant($"({tag >> 16:X4},{tag & 0xFFFF:X4})");
}
