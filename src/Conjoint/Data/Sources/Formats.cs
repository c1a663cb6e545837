using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>What sort of input a file is.</summary>
internal static class Formats
{
    /// <summary>Whether the file is a plain image: PNG, JPEG, or an NPY file of two axes.</summary>
    /// <remarks>A damaged file counts as what its name says; reading it later tells what is wrong.</remarks>
    public static bool IsPlain(string path) => ImageFile.Identify(path)?.Name switch
    {
        "png" or "jpeg" => true,
        "npy" => IsPlainArray(path),
        _ => false,
    };

    public static bool IsArchive(string path) => ImageFile.Identify(path)?.Name == "npz";

    private static bool IsPlainArray(string path)
    {
        try
        {
            return NpyFile.ReadHeader(path).Shape.Count == 2;
        }
        catch (InputDataException)
        {
            return false; // told when the file is read
        }
    }
}
