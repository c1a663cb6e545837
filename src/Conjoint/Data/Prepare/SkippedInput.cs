using System.Text;
using System.Text.Json;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>An input that was left out of a store.</summary>
/// <param name="Path">The file or folder, beginning with the name of the source folder.</param>
/// <param name="Reason">What is wrong with it and what would be right.</param>
/// <param name="Kind">The sort of reason: <c>unreadable</c>, <c>mask</c>, <c>table</c>, <c>values</c>, <c>split</c>, <c>unused</c> or <c>label</c>.</param>
public sealed record SkippedInput(string Path, string Reason, string Kind)
{
    /// <summary>Path and reason; the file's name once, where the reason begins with it.</summary>
    internal string InOneLine =>
        System.IO.Path.GetFileName(Path) is var name && Reason.StartsWith(name + " ", StringComparison.Ordinal) ? Path + Reason[name.Length..] : $"{Path} {Reason}";

    /// <summary>Writes a line an input.</summary>
    internal static void Write(Stream stream, IEnumerable<SkippedInput> skipped)
    {
        foreach (var input in skipped)
            stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(input, StoreJson.OneLine) + "\n"));
    }

    /// <summary>An error about a file in words that hold no path of the machine.</summary>
    internal static string Tell(InputDataException error)
    {
        if (error.Path.Length == 0)
            return error.Reason;
        var folder = System.IO.Path.GetDirectoryName(error.Path);
        var reason = string.IsNullOrEmpty(folder) ? error.Reason : error.Reason.Replace(folder + System.IO.Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
        return $"{System.IO.Path.GetFileName(error.Path)} {reason}";
    }
}
