namespace Conjoint.Imaging;

/// <summary>A format whose values can be walked through in pieces, all frames, without holding them in memory.</summary>
internal interface IScannableFormat : IImageFormat
{
    /// <summary>Hands every value of the file to the visitor.</summary>
    /// <exception cref="InputDataException">The file is damaged.</exception>
    void Scan(string path, ValueVisitor visitor);
}
