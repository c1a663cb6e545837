namespace Conjoint.Imaging;

/// <summary>A format whose values can be walked through in pieces, all frames, without holding them in memory.</summary>
internal interface IScannableFormat : IImageFormat
{
    /// <summary>The images, volumes or arrays in a file; nothing of them is read yet.</summary>
    /// <exception cref="InputDataException">The file is damaged.</exception>
    IReadOnlyList<ScannablePart> Parts(string path) => [new(null, () => ReadHeader(path), visitor => Scan(path, visitor))];

    /// <summary>Hands every value of the file to the visitor, after slope and intercept.</summary>
    /// <exception cref="InputDataException">The file is damaged.</exception>
    void Scan(string path, ValueVisitor visitor);
}

/// <summary>One image, volume or array of a file.</summary>
/// <param name="Name">Its name in the file; null when it is the only one there can be.</param>
/// <param name="ReadHeader">Reads its description.</param>
/// <param name="Scan">Hands its values over.</param>
internal sealed record ScannablePart(string? Name, Func<ImageHeader> ReadHeader, Action<ValueVisitor> Scan);

/// <summary>Receives the next values of a file, after slope and intercept.</summary>
internal delegate void ValueVisitor(ReadOnlySpan<double> values);
