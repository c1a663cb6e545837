namespace Conjoint.Runtime;

/// <summary>The folder that a user named for results.</summary>
internal static class OutputFolder
{
    /// <summary>Makes the folder, where it is missing.</summary>
    /// <exception cref="ConfigurationException">It can't be made: a file has its name, or the place can't be written to.</exception>
    public static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(File.Exists(path)
                ? $"{path}: is a file; expected the name of a folder for the results."
                : $"{path}: can't be made a folder ({error.Message}); expected a place that can be written to.");
        }
    }
}
