using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>Where the values of a case, or of its mask, are.</summary>
internal abstract record CaseContent;

/// <summary>A file with one volume or one image.</summary>
internal sealed record FileContent(string Path) : CaseContent;

/// <summary>Plain images that are the slices of one volume, in order.</summary>
internal sealed record FramesContent(IReadOnlyList<string> Paths) : CaseContent;

/// <summary>DICOM files that are the slices of one volume.</summary>
internal sealed record SeriesContent(DicomSeries Series) : CaseContent;

/// <summary>An array of an NPZ archive, or the part of it at one position of its first axis.</summary>
/// <param name="Path">The archive.</param>
/// <param name="Entry">The array's name.</param>
/// <param name="Row">Position along the first axis; null for the whole array.</param>
/// <param name="IsImage">Whether it is a plain image; otherwise a volume.</param>
internal sealed record ArchiveContent(string Path, string Entry, int? Row, bool IsImage) : CaseContent;
