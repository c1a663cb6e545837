using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>What sort of input a file is.</summary>
internal enum FileSort
{
    /// <summary>Of no known format.</summary>
    Unknown,

    /// <summary>One plain image: PNG, JPEG, GIF, or an NPY file of two axes.</summary>
    Plain,

    /// <summary>Several arrays: NPZ.</summary>
    Archive,

    /// <summary>One volume.</summary>
    Volume,
}

/// <summary>Tells the sorts of input files apart.</summary>
internal static class Formats
{
    /// <summary>The sort of a file, by its content; a damaged file counts as what its name says, and reading it later tells what is wrong.</summary>
    /// <exception cref="InputDataException">The file can't be opened.</exception>
    public static FileSort Sort(string path) => ImageFile.Identify(path)?.Name switch
    {
        null => FileSort.Unknown,
        "png" or "jpeg" or "gif" => FileSort.Plain,
        "npz" => FileSort.Archive,
        "npy" when IsPlainArray(path) => FileSort.Plain,
        _ => FileSort.Volume,
    };

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
