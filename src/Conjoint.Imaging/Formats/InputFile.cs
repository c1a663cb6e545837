namespace Conjoint.Imaging;

/// <summary>Opening and reading input files, with faults told as <see cref="InputDataException"/>s.</summary>
internal static class InputFile
{
    private const int BufferBytes = 1 << 12;

    /// <summary>Opens a file for reading from its beginning.</summary>
    /// <exception cref="InputDataException">Missing, empty, a folder, a device or a pipe (which could keep a reader waiting for ever), or not to be read.</exception>
    public static FileStream Open(string path)
    {
        if (HasNoLength(path))
            throw new InputDataException(path, "is empty, or no ordinary file; expected a file with data");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputDataException(path, "does not exist; check the path", fault);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new InputDataException(path, Directory.Exists(path) ? "is a folder; expected a file" : "may not be read; check its permissions", fault);
        }
        catch (IOException fault)
        {
            throw new InputDataException(path, $"cannot be opened ({fault.Message})", fault);
        }
    }

    /// <summary>Whether a file is there but has no bytes; so are devices and pipes, too.</summary>
    public static bool HasNoLength(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return ((file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true)) as FileInfo) is { Exists: true, Length: 0 };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false; // Opening it will tell why.
        }
    }

    /// <summary>Fills the buffer, or says that the file is too short or its compressed data damaged.</summary>
    public static void ReadExactly(Stream stream, Span<byte> buffer, string path)
    {
        var read = ReadAtMost(stream, buffer, path);
        if (read < buffer.Length)
            throw new InputDataException(path, $"is truncated: {buffer.Length - read} bytes are missing at its end");
    }

    /// <summary>Reads until the buffer is full or the stream ends; returns the bytes read.</summary>
    public static int ReadAtMost(Stream stream, Span<byte> buffer, string path)
    {
        try
        {
            return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException fault)
        {
            throw new InputDataException(path, "is damaged or truncated: its compressed data cannot be decompressed", fault);
        }
        catch (FormatException fault)
        {
            throw new InputDataException(path, fault.Message, fault);
        }
        catch (IOException fault)
        {
            throw new InputDataException(path, $"cannot be read ({fault.Message})", fault);
        }
    }
}
