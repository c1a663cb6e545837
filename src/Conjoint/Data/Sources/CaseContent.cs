using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>Where the values of a case, or of its mask, are.</summary>
internal abstract record CaseContent
{
    /// <summary>The files, in order.</summary>
    public IReadOnlyList<string> Files => this switch
    {
        FileContent file => [file.Path],
        FramesContent frames => frames.Paths,
        SeriesContent { Series: var series } => series.Files,
        SeriesFilesContent series => series.Paths,
        LayersContent layers => [.. layers.Layers.Select(l => l.Path)],
        ContourContent contours => [contours.Path],
        ArchiveContent archive => [archive.Path],
        _ => [],
    };
}

/// <summary>A file with one volume or one image.</summary>
internal sealed record FileContent(string Path) : CaseContent;

/// <summary>Plain images that are the slices of one volume, in order.</summary>
internal sealed record FramesContent(IReadOnlyList<string> Paths) : CaseContent;

/// <summary>DICOM files that are the slices of one volume.</summary>
internal sealed record SeriesContent(DicomSeries Series) : CaseContent;

/// <summary>The files of one DICOM series, in any order, as a data set's layout names them: nobody has looked into them yet.</summary>
/// <param name="Paths">At least one.</param>
internal sealed record SeriesFilesContent(IReadOnlyList<string> Paths) : CaseContent;

/// <summary>A mask of several files whose structures may overlap.</summary>
/// <param name="Layers">The files.</param>
internal sealed record LayersContent(IReadOnlyList<MaskLayer> Layers) : CaseContent;

/// <summary>One file of such a mask.</summary>
/// <param name="Path">The file.</param>
/// <param name="Label">The label that everything but 0 becomes.</param>
/// <param name="HoldsLabels">Whether the file has labels of its own: its label 1 becomes <paramref name="Label"/>, 2 the next, and so on.</param>
internal sealed record MaskLayer(string Path, int Label, bool HoldsLabels = false);

/// <summary>A mask drawn from the contours of several readers; see <see cref="LidcReading"/>.</summary>
/// <param name="Path">The XML file.</param>
internal sealed record ContourContent(string Path) : CaseContent;

/// <summary>An array of an NPZ archive, or the part of it at one position of its first axis.</summary>
/// <param name="Path">The archive.</param>
/// <param name="Entry">The array's name.</param>
/// <param name="Row">Position along the first axis; null for the whole array.</param>
/// <param name="IsImage">Whether it is a plain image; otherwise a volume.</param>
internal sealed record ArchiveContent(string Path, string Entry, int? Row, bool IsImage) : CaseContent;
