using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Conjoint.Imaging;

/// <summary>Makes a header of a file's elements, and refuses what can't be read.</summary>
internal static class DicomHeaderReader
{
    private static readonly string[] Photometrics =
        ["MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT", "YBR_PARTIAL_420", "YBR_PARTIAL_422"];

    /// <summary>Words that stand where an identifier should; people who share one are not the same person.</summary>
    private static readonly HashSet<string> Placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "0", "00", "000", "ANON", "ANONYM", "ANONYMOUS", "ANONYMIZED", "ANONYMISED", "NONE", "NULL", "UNKNOWN", "PATIENT", "NOID", "N/A", "NA", "-", "XXX", "REMOVED", "DEIDENTIFIED",
    };

    /// <summary>Reads a file's header.</summary>
    /// <exception cref="InputDataException">No DICOM file, damaged, without pixels, or of a kind that can't be read.</exception>
    public static DicomHeader Read(string path)
    {
        var file = DicomParser.Read(path);
        var elements = file.Elements;
        if (file.PixelTag == 0)
            throw new InputDataException(path, "is a DICOM file without an image: it has no pixel data; expected an image object");

        var (rows, columns) = (Size(elements, DicomTag.Rows, path), Size(elements, DicomTag.Columns, path));
        var frames = elements.Whole(DicomTag.NumberOfFrames) ?? 1;
        if (frames < 1)
            throw elements.Fault(DicomTag.NumberOfFrames, $"declares {frames} frames; expected at least one");
        var samples = elements.Whole(DicomTag.SamplesPerPixel) ?? 1;
        if (samples is not (1 or 3))
            throw elements.Fault(DicomTag.SamplesPerPixel, $"declares {samples} samples a pixel; expected 1 or 3");
        CheckSize(rows, columns, frames, samples, path);

        var isSigned = elements.Whole(DicomTag.PixelRepresentation) == 1;
        var header = new DicomHeader(path, file.Syntax)
        {
            DataOffset = file.DataOffset,
            PixelTag = file.PixelTag,
            PixelOffset = file.PixelOffset,
            PixelLength = file.PixelLength,
            IsInWords = file.PixelVr == DicomVr.OtherWord,
            Rows = rows,
            Columns = columns,
            Frames = frames,
            Samples = samples,
            BitsAllocated = elements.Whole(DicomTag.BitsAllocated) ?? DefaultBits(file, path),
            BitsStored = 0,
            HighBit = 0,
            IsSigned = isSigned,
            IsPlanar = elements.Whole(DicomTag.PlanarConfiguration) == 1,
            Photometric = PhotometricOf(elements, samples, path),
            Palette = Palette(elements, isSigned, file.Syntax.IsBigEndian),
            Modality = ModalityOf(elements.Text(DicomTag.Modality)),
            Window = elements.Number(DicomTag.WindowCenter) is { } center && elements.Number(DicomTag.WindowWidth) is { } width ? (center, width) : null,
            Series = Hash("series", elements.Text(DicomTag.SeriesInstance)),
            Instance = Hash("instance", elements.Text(DicomTag.SopInstance)),
            SubjectKeys = SubjectKeys(elements),
            InstanceNumber = elements.Whole(DicomTag.InstanceNumber),
            ExtendedOffsets = elements.Numbers(DicomTag.ExtendedOffsetTable),
        };
        header = WithBits(header, elements, path);
        return header with { Planes = DicomPlaneReader.Read(header, elements), Problems = [.. file.Problems, .. Problems(header, elements)] };
    }

    private static int Size(DicomDataSet elements, uint tag, string path) => elements.Whole(tag) switch
    {
        null => throw new InputDataException(path, $"is a damaged DICOM file: it has pixels, but no {(tag == DicomTag.Rows ? "rows" : "columns")}"),
        { } size and >= 1 and <= ushort.MaxValue => size,
        { } size => throw elements.Fault(tag, $"declares {size} pixels; expected 1 to {ushort.MaxValue}"),
    };

    private static void CheckSize(int rows, int columns, int frames, int samples, string path)
    {
        if ((long)rows * columns * samples > ImagingLimits.MaxPixels)
            throw new InputDataException(path, $"declares {columns}×{rows} pixels of {samples} samples; at most {ImagingLimits.MaxPixels} values a frame can be read");
        if ((long)rows * columns * frames > ImagingLimits.MaxVoxels)
            throw new InputDataException(path, $"declares {columns}×{rows}×{frames} voxels; at most {ImagingLimits.MaxVoxels} can be read");
    }

    private static int DefaultBits(DicomFile file, string path) => file.PixelTag switch
    {
        DicomTag.FloatPixelData => 32,
        DicomTag.DoublePixelData => 64,
        _ => throw new InputDataException(path, "is a damaged DICOM file: it doesn't say how many bits a pixel has"),
    };

    private static DicomHeader WithBits(DicomHeader header, DicomDataSet elements, string path)
    {
        var allocated = header.BitsAllocated;
        var expected = header.PixelTag switch { DicomTag.FloatPixelData => allocated == 32, DicomTag.DoublePixelData => allocated == 64, _ => allocated is 1 or 8 or 16 or 32 };
        if (!expected)
            throw new InputDataException(path, $"has pixels of {allocated} bits; expected 1, 8, 16 or 32, or floats of 32 or 64");
        var stored = elements.Whole(DicomTag.BitsStored) ?? allocated;
        var high = elements.Whole(DicomTag.HighBit) ?? stored - 1;
        if (stored < 1 || stored > allocated || high < stored - 1 || high >= allocated)
            throw new InputDataException(path, $"declares {stored} stored bits up to bit {high} in pixels of {allocated}; expected stored bits inside of them");
        return header with { BitsStored = stored, HighBit = high };
    }

    private static string PhotometricOf(DicomDataSet elements, int samples, string path)
    {
        var text = elements.Text(DicomTag.Photometric) ?? (samples == 1 ? "MONOCHROME2" : "RGB");
        var known = Array.Find(Photometrics, text.Equals);
        var isGrey = known is "MONOCHROME1" or "MONOCHROME2" or "PALETTE COLOR";
        return known is not null && isGrey == (samples == 1)
            ? known
            : throw new InputDataException(path, $"has a photometric interpretation that doesn't fit pixels of {samples} samples; expected one of {string.Join(", ", Photometrics)}");
    }

    private static DicomLut[]? Palette(DicomDataSet elements, bool isSigned, bool isBigEndian)
    {
        var red = DicomLut.Read(elements, DicomTag.RedPaletteDescriptor, DicomTag.RedPalette, isSigned, isBigEndian);
        var green = DicomLut.Read(elements, DicomTag.GreenPaletteDescriptor, DicomTag.GreenPalette, isSigned, isBigEndian);
        var blue = DicomLut.Read(elements, DicomTag.BluePaletteDescriptor, DicomTag.BluePalette, isSigned, isBigEndian);
        return red is not null && green is not null && blue is not null ? [red, green, blue] : null;
    }

    private static Modality ModalityOf(string? code) => code switch
    {
        null => Modality.Unknown,
        "CT" => Modality.CT,
        "MR" => Modality.MR,
        "CR" or "DX" or "DR" or "RG" or "RF" or "XA" or "MG" or "IO" or "PX" => Modality.XRay,
        _ => Modality.Other,
    };

    private static string[] SubjectKeys(DicomDataSet elements)
    {
        var patient = elements.Text(DicomTag.PatientId);
        return
        [
            .. new[]
            {
                patient is null || Placeholders.Contains(patient) ? null : Hash("patient", patient),
                Hash("study", elements.Text(DicomTag.StudyInstance)),
            }.OfType<string>(),
        ];
    }

    private static string? Hash(string kind, string? text) =>
        text is null ? null : Convert.ToHexString(SHA256.HashData(Encoding.Latin1.GetBytes($"{kind}\n{text}")).AsSpan(0, 16));

    private static IEnumerable<string> Problems(DicomHeader header, DicomDataSet elements)
    {
        if (elements.Number(DicomTag.RescaleSlope) == 0)
            yield return "has a rescale slope of 0; the stored values are used as they are";
        if (header.Photometric == "MONOCHROME1")
            yield return "is MONOCHROME1: low values are bright" + (header.IsInverted ? "; preparing turns them round" : "");
        if (header.Photometric == "PALETTE COLOR")
            yield return "pixels are indices of a palette; they are read as luminance";
        if (header.Window is { Width: < 1 } window)
            yield return string.Create(CultureInfo.InvariantCulture, $"has a window of width {window.Width}; expected 1 or more");
    }
}
