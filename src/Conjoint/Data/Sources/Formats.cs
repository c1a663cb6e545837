using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>What sort of input a file is.</summary>
internal enum FileSort
{
    /// <summary>Of no known format.</summary>
    Unknown,

    /// <summary>One plain image: PNG, JPEG, GIF, JSRT, or a TIFF, MetaImage, NRRD or NPY file of two axes.</summary>
    Plain,

    /// <summary>Several arrays: NPZ.</summary>
    Archive,

    /// <summary>DICOM: one image, one volume, or a slice of one.</summary>
    Dicom,

    /// <summary>One volume.</summary>
    Volume,
}

/// <summary>Tells the sorts of input files apart.</summary>
internal static class Formats
{
    private static readonly HashSet<string> s_headers = new([".mhd", ".nhdr"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The sort of a file, by its content; a damaged file counts as what its name says, and reading it later tells what is wrong.</summary>
    /// <exception cref="InputDataException">The file can't be opened.</exception>
    public static FileSort Sort(string path) => ImageFile.Identify(path)?.Name switch
    {
        null => FileSort.Unknown,
        "png" or "jpeg" or "gif" or "jsrt" => FileSort.Plain,
        "npz" => FileSort.Archive,
        "dicom" => FileSort.Dicom,
        "npy" when IsPlainArray(path) => FileSort.Plain,
        "tiff" or "metaimage" or "nrrd" when IsPlainImage(path) => FileSort.Plain,
        _ => FileSort.Volume,
    };

    /// <summary>The files that only hold the values of others among them, which name them: no inputs of their own.</summary>
    public static IEnumerable<string> DataFiles(IEnumerable<string> paths)
    {
        foreach (var path in paths.Where(p => s_headers.Contains(Path.GetExtension(p))))
        {
            IReadOnlyList<string> named;
            try
            {
                named = ImageFile.DataFiles(path);
            }
            catch (InputDataException)
            {
                continue; // told when the file is read
            }

            foreach (var file in named)
                yield return Path.GetFullPath(file);
        }
    }

    private static bool IsPlainImage(string path)
    {
        try
        {
            return !ImageFile.ReadHeader(path).IsVolume;
        }
        catch (InputDataException)
        {
            return false; // told when the file is read
        }
    }

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
