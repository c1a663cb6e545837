using System.ComponentModel;
using System.Diagnostics;

namespace Conjoint.Imaging;

/// <summary>
/// A copy of a file whose pixels another program has decompressed: for syntaxes that have no decoder here. The copy lies in a
/// temporary folder that nobody else may read, and goes with this object.
/// </summary>
internal sealed class DicomDecodedCopy : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // So much can hardly come of real pixels; more is a trap.
    private const long MostInflation = 1000;
    private const long OrdinaryBytes = 64L << 20;

    private readonly DirectoryInfo _folder;

    private DicomDecodedCopy(DirectoryInfo folder, DicomHeader original)
    {
        _folder = folder;
        Header = original;
        Path = System.IO.Path.Combine(folder.FullName, "decoded.dcm");
    }

    /// <summary>The copy.</summary>
    public string Path { get; }

    /// <summary>The copy's header, under the name of the original.</summary>
    public DicomHeader Header { get; private set; }

    /// <summary>Decompresses a file.</summary>
    /// <exception cref="InputDataException">No program for it is installed, or none can do it.</exception>
    public static DicomDecodedCopy Make(DicomHeader header)
    {
        var tools = Tools(header).Select(tool => (Program: Find(tool.Name), tool.Arguments)).Where(tool => tool.Program is not null).ToArray();
        if (tools.Length == 0)
            throw new InputDataException(header.Path, $"is compressed as {header.Syntax.Name} ({header.Syntax.Uid}), which can't be read here; {Advice(header)}");
        var bytes = (long)header.FrameValues * header.Frames * ((header.BitsAllocated + 7) / 8);
        if (bytes > OrdinaryBytes && bytes / MostInflation > new FileInfo(header.Path).Length)
            throw new InputDataException(header.Path, $"is truncated or damaged: so few bytes can't hold the declared {bytes}");

        var copy = new DicomDecodedCopy(Directory.CreateTempSubdirectory("conjoint-"), header);
        try
        {
            foreach (var (program, arguments) in tools)
            {
                if (Run(program!, [.. arguments, System.IO.Path.GetFullPath(header.Path), copy.Path]) && copy.Adopt(header))
                    return copy;
            }

            throw new InputDataException(header.Path,
                $"is compressed as {header.Syntax.Name} ({header.Syntax.Uid}), and {string.Join(" and ", tools.Select(tool => System.IO.Path.GetFileName(tool.Program)))} could not decompress it: it is damaged, or of a kind that they don't know");
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static bool IsJpegLs(DicomHeader header) => header.Syntax.Uid is "1.2.840.10008.1.2.4.80" or "1.2.840.10008.1.2.4.81";

    private static IEnumerable<(string Name, string[] Arguments)> Tools(DicomHeader header)
    {
        if (IsJpegLs(header))
            yield return ("dcmdjpls", []);
        yield return ("gdcmconv", ["--raw"]);
    }

    private static string Advice(DicomHeader header) => IsJpegLs(header)
        ? "install dcmdjpls (Debian's package dcmtk) or gdcmconv (libgdcm-tools), which are used when they are on the path"
        : "install gdcmconv (Debian's package libgdcm-tools), which is used when it is on the path and may know it, or convert the file to an uncompressed syntax";

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(System.IO.Path.IsPathRooted) // a program in the current folder is data, not a tool
            .Select(folder => System.IO.Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private static bool Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        try
        {
            using var process = Process.Start(start)!;
            // What it says may hold anything that is in the file, so it isn't shown.
            process.OutputDataReceived += static (_, _) => { };
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            process.StandardInput.Close();
            if (process.WaitForExit(Patience))
                return process.ExitCode == 0;
            process.Kill(entireProcessTree: true);
            return false;
        }
        catch (Win32Exception)
        {
            return false; // not to be run after all: no permission, another machine's program
        }
    }

    private bool Adopt(DicomHeader original)
    {
        try
        {
            var header = DicomHeaderReader.Read(Path);
            if (header.Syntax.Codec != DicomCodec.None
                || (header.Rows, header.Columns, header.Frames, header.Samples) != (original.Rows, original.Columns, original.Frames, original.Samples))
                return false;
            Header = header with { Path = original.Path };
            return true;
        }
        catch (InputDataException)
        {
            return false;
        }
    }
}
